"""`mnv2 backends`: whether the fused kernels train as torch's operators do."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import tyro

from analysis.problem import Problem
from experiments.sweeps.running import Running


@dataclass(frozen=True)
class Options(Running):
    """How to run it. `backend` is ignored; the fused kernels are for CPUs."""

    seeds: tuple[int, ...] = ()
    """Run these of the planned seeds only; without, all."""
    weights: tyro.conf.Suppress[Path | None] = None
    recipe: str = "brief"
    """Training recipe: brief, short, full."""


def main(options: Annotated[Options, tyro.conf.OmitArgPrefixes] = Options()) -> None:
    """Train four arms with both backends and judge the differences of accuracy, paired by seed.

    The trials are kept apart from the studies', in results/backends: eager ones, and fused ones for each type that the
    kernels multiply. Running again trains what is missing.

    Raises:
        Problem: a device that is not a CPU, the fused kernels do not load here, or a trial failed.
    """
    if options.device not in ("auto", "cpu"):
        raise Problem(
            f"the fused kernels are for CPUs, not for --device {options.device}: "
            "mnv2 doctor --device compares captured steps with eager ones there"
        )
    options = replace(options, device="cpu")
    from analysis.nn.fused.compiler import products
    from experiments.answers.answer import write
    from experiments.measurements.backends.measure import measure
    from experiments.measurements.backends.rows import compared
    from experiments.measurements.backends.rule import STUDY
    from experiments.measurements.backends.view import answer
    from experiments.sweeps.data import load

    recipe, data = STUDY.training(options.recipe), load(options.dataset or STUDY.dataset, options.data_dir)
    measure(data, recipe, options.seeds, options)
    if options.dry_run:
        return
    made = answer(compared(products(), data.name, recipe, options.results))
    print(made.tables[""].markdown())
    print("\n".join(map(str, write(made, options.results))))
