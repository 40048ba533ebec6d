"""`mnv2 backends`: whether the fused kernels train as torch's operators do."""

from dataclasses import dataclass, replace
from typing import Annotated

import tyro

from experiments.sweeps.options import Running


@dataclass(frozen=True)
class Options(Running):
    """How to run it; `backend` is not heeded."""

    seeds: tuple[int, ...] = ()
    """Run these of the planned seeds only; without, all."""
    recipe: str = "brief"
    """Training recipe: brief, short, full."""


def main(options: Annotated[Options, tyro.conf.OmitArgPrefixes] = Options()) -> None:
    """Train four arms with both backends and judge the differences of accuracy, paired by seed.

    The trials are kept apart from the studies', in results/backends: eager ones, and fused ones for each type that the
    kernels multiply. Running again trains what is missing.

    Raises:
        Problem: there are no fused kernels here, or a trial failed.
    """
    from analysis.nn.fused.compiler import products
    from analysis.nn.fused.load import load_kernels
    from analysis.problem import Problem
    from analysis.trials import Trial
    from experiments.measurements.backends.measure import BACKENDS, STUDY, seeds, store, write_answer
    from experiments.sweeps.data import load
    from experiments.sweeps.running import fill, refuse_failed

    if reason := load_kernels():
        raise Problem(f"no fused kernels to compare: {reason}")
    recipe, data = STUDY.training(options.recipe), load(options.dataset or STUDY.dataset, options.data_dir)
    trials = [
        Trial(variant.text, recipe.text, data.name, data.digest, seed)
        for name, variant in STUDY.arms.items()
        for seed in seeds(name, products())
        if not options.seeds or seed in options.seeds
    ]
    for backend in BACKENDS:
        shelf = store(backend, products(), options.results)
        refuse_failed(fill(f"{STUDY.question} {backend}:", trials, data, replace(options, backend=backend), shelf))
    if options.dry_run:
        return
    paths = write_answer(products(), data.name, recipe, options.results)
    print(paths[0].read_text())
    print("\n".join(map(str, paths)))
