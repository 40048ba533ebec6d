"""How a user wants trials run: the options that every command has which trains, and those of a study."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from analysis.problem import Problem
from experiments.studies.registry import find_study
from experiments.studies.widths import LATENCY, at_widths, path_of, read
from experiments.study import Study, at_equal, until_decided

Executor = Literal["local", "ray", "slurm"]
Sink = Literal["tensorboard", "wandb"]
Layout = Literal["torchvision", "timm", "keras", "tflite"]

NO_SINKS: tuple[Sink, ...] = ()
DEFAULT_SEEDS: tuple[int, ...] = ()
ALL_ARMS: tuple[str, ...] = ()
MOST = 40  # seeds of each arm, where a study is run until it is decided


@dataclass(frozen=True)
class Running:
    """How to run trials, and on which data."""

    dataset: str | None = None
    """cifar10, cifar100, synthetic, or of boxes and masks bccd, camvid; without, the study's own."""
    data_dir: Path | None = None
    """A copy of the data set, in any of its layouts; without, CIFAR10_DIR, the cache, a download."""
    executor: Executor = "local"
    """What runs the trials: this machine, Ray, or Slurm; see docs/clusters.md."""
    jobs: int | None = None
    """Trials side by side, one thread each; without, one a core as memory allows, one a GPU, or as many as the cluster
    takes."""
    device: str = "auto"
    """What computes: cpu, cuda, cuda:1, mps; auto takes an accelerator where there is one."""
    gpus: float = 0.0
    """GPUs, or the share of one, that Ray gives each trial."""
    backend: str = "auto"
    """What runs the training step: eager, fused (on a CPU), captured (on CUDA), auto (the faster, if it agrees with
    eager)."""
    results: Path = Path("results")
    """Folder of trials, tables, figures and verdicts."""
    weights: Path | None = None
    """File of published ImageNet weights that trunks start from, see mnv2 evaluate."""
    layout: Layout | None = None
    """Whose weights they are, where their content does not say so."""
    checkpoint_every: float = 300.0
    """Seconds between two checkpoints inside a trial; an interrupted trial continues from its last."""
    dry_run: bool = False
    """List what would run, and run nothing."""
    retry_failed: bool = False
    """Run trials again that ended in an error."""
    fail_fast: bool = False
    """Stop at the first trial that ends in an error."""
    quiet: bool = False
    """Print the answer only."""
    sinks: tuple[Sink, ...] = NO_SINKS
    """Copy records to results/scratch for TensorBoard, or for Weights & Biases offline."""

    @property
    def store(self) -> Path:
        """Folder of the records."""
        return self.results / "trials"

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints inside trials."""
        return self.results / "scratch" / "checkpoints"


@dataclass(frozen=True)
class Options(Running):
    """How to run a study."""

    seeds: tuple[int, ...] = DEFAULT_SEEDS
    """Seeds of each arm; without, the study's own."""
    fresh_seeds: int | None = None
    """Take as many seeds as otherwise, but from this number on; the answer is written beside the other one."""
    arms: tuple[str, ...] = ALL_ARMS
    """Train these arms only; the answer names those that are missing."""
    recipe: str | None = None
    """Training recipe: brief, short, full; without, the study's own."""

    until_decided: bool = False
    """Take seeds in looks, an arm until all that it serves is decided; `headline` does so anyway."""
    most: int | None = None
    """Seeds of each arm at most, in looks; without, 40."""

    at_equal: Literal["madds", "params", "memory", "latency"] | None = None
    """Give every arm but the first the width at which it costs what the first does. Latency is measured once, and the
    widths are kept in results/widths."""

    def question(self, name: str) -> Study:
        """The study to run, on the seeds to take.

        Raises:
            Problem: no such study, options that contradict each other, or no measured widths at equal latency.
        """
        study = find_study(name)
        if self.most is not None and not (self.until_decided or study.looks):
            raise Problem(f"--most {self.most} goes with --until-decided: study {name} has {len(study.seeds)} seeds")
        if self.until_decided and self.seeds:
            raise Problem("--until-decided chooses the seeds itself: leave --seeds out, or give --fresh-seeds N")
        if self.until_decided or self.most is not None:
            study = until_decided(study, self.most or MOST)
        seeds = self.seeds or study.seeds
        if self.fresh_seeds is not None:
            seeds = study.seeds_from(self.fresh_seeds)
        study = replace(study, seeds=tuple(seeds))
        if self.at_equal == LATENCY:
            return at_widths(study, read(path_of(study, self.results)))
        return at_equal(study, self.at_equal) if self.at_equal else study
