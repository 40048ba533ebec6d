"""How a user wants trials run: the options that every command has which trains."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Executor = Literal["local", "ray", "slurm"]
Sink = Literal["tensorboard", "wandb"]

NO_SINKS: tuple[Sink, ...] = ()


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
