"""`mnv2 gradients`: how gradients pass through networks with and without shortcuts."""

import sys
from pathlib import Path


def main(
    checkpoints: Path = Path("results/scratch/checkpoints"),
    measure: bool = True,
    dataset: str = "cifar10",
    data_dir: Path | None = None,
    backend: str = "auto",
    device: str = "auto",
    results: Path = Path("results"),
) -> None:
    """Train the networks whose checkpoints are missing, measure their gradients on validation images, judge.

    Singular values of Jacobians between blocks and norms of gradients, at four points of the training, with shortcuts
    between bottlenecks, between expansions, and none. Rows go to RESULTS/gradients. The test set has no part in it.

    Args:
        checkpoints: folder of weights (safetensors). What is in it is not trained again.
        measure: without it, tables, figures and the verdict again from the stored rows, without data.
        dataset: cifar10, cifar100, synthetic.
        data_dir: a copy of the data set. Default: CIFAR10_DIR, the cache, a download.
        backend: what runs the training step: eager, fused, captured, auto.
        device: what trains: cpu, cuda, cuda:1, mps, auto. Gradients are measured on the CPU.
        results: folder to write to.

    Raises:
        Problem: no such device or data, a training that diverged, a checkpoint that cannot be read, or stored rows
            without their conditions.
    """
    from experiments.answers.answer import Answer, write
    from experiments.measurements.gradients.rows import name_of, read
    from experiments.measurements.gradients.view import answer

    if measure:
        from analysis.training.device import find_device
        from experiments.measurements.gradients.measure import measure as measure_networks
        from experiments.sweeps.data import load

        found = measure_networks(load(dataset, data_dir), checkpoints, backend, _say, find_device(device))
        write(Answer(found.name, kept=found.kept), results)
    stored = read(results / name_of(dataset))  # numbers are stored to six digits, and the answer comes from these
    print("\n".join(map(str, write(answer(stored), results))))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
