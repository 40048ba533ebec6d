"""`mnv2 backends`: whether the fused kernels train as torch's operators do."""

from dataclasses import dataclass, replace
from typing import Annotated

import tyro

from experiments.running import Running


@dataclass(frozen=True)
class Options(Running):
    """How to run it; `backend` is not heeded."""

    seeds: tuple[int, ...] = tuple(range(10))
    """Seeds of each arm."""
    recipe: str = "brief"
    """Training recipe: brief, short, full."""


def main(options: Annotated[Options, tyro.conf.OmitArgPrefixes] = Options()) -> None:
    """Train four arms with both backends and judge the differences of accuracy, paired by seed.

    Fused trials belong to the store of all studies; eager ones are kept apart, in backends/trials.
    """
    from experiments.answer import trials_of
    from experiments.backends import BACKENDS, STUDY, store, write_answer
    from experiments.data import load
    from experiments.running import fill, refuse_failed

    recipe, data = STUDY.training(options.recipe), load(options.dataset or STUDY.dataset, options.data_dir)
    trials = trials_of(STUDY, recipe, data.name, data.digest, options.seeds)
    for backend in BACKENDS:
        shelf = store(backend, options.results)
        refuse_failed(fill(f"{STUDY.question} {backend}:", trials, data, replace(options, backend=backend), shelf))
    if options.dry_run:
        return
    paths = write_answer(data.name, recipe, options.seeds, options.results)
    print(paths[0].read_text())
    print("\n".join(map(str, paths)))
