"""The runs: every arm with both backends."""

from dataclasses import replace

from analysis.data.labels import Dataset
from analysis.nn.fused.compiler import products
from analysis.nn.fused.load import load_kernels
from analysis.problem import Problem
from analysis.tasks.recipes import AnyRecipe
from analysis.trials import Trial
from experiments.measurements.backends.rows import store
from experiments.measurements.backends.rule import BACKENDS, STUDY, seeds
from experiments.sweeps.options import Running
from experiments.sweeps.running import fill, refuse_failed


def measure(data: Dataset, recipe: AnyRecipe, chosen: tuple[int, ...], options: Running) -> None:
    """Train what is missing with both backends, of the seeds `chosen` or of all. Eager runs are shared by all kernels.

    Raises:
        Problem: the fused kernels do not load here, or a trial failed.
    """
    if reason := load_kernels():
        raise Problem(f"no fused kernels to compare: {reason}")
    trials = [
        Trial(variant.text, recipe.text, data.name, data.digest, seed)
        for name, variant in STUDY.arms.items()
        for seed in seeds(name, products())
        if not chosen or seed in chosen
    ]
    for backend in BACKENDS:
        folder = store(backend, products(), options.results)
        refuse_failed(fill(f"{STUDY.question} {backend}:", trials, data, replace(options, backend=backend), folder))
