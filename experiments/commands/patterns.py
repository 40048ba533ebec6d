"""`mnv2 patterns`: what the activations of trained networks look like, Figure 7 and the manifold of interest."""

import sys
from pathlib import Path
from typing import Literal

from analysis.problem import Problem


def main(
    checkpoints: Path = Path("results/scratch/checkpoints"),
    measure: bool = True,
    dataset: str = "cifar10",
    data_dir: Path | None = None,
    backend: str = "auto",
    device: str = "auto",
    results: Path = Path("results"),
    weights: tuple[Path, ...] = (),
    layout: Literal["torchvision", "timm", "keras", "tflite"] | None = None,
    images: Path | None = None,
    labels: Path | None = None,
    untrained: bool = False,
    twins: tuple[Path, Path] | None = None,
) -> None:
    """Train the networks whose checkpoints are missing, measure all on validation images, judge Figure 7.

    Rows go to RESULTS/patterns, tables, figures and verdicts to the folders of the others. Training takes
    about 15 minutes on one core and measuring 8. What is in the folder of checkpoints is not trained again. The test
    set has no part in what is measured.

    Args:
        checkpoints: folder of initial and trained weights (safetensors).
        measure: without it, tables, figures and verdicts again from the stored rows, without data.
        dataset: cifar10, cifar100, synthetic.
        data_dir: a copy of the data set. Default: CIFAR10_DIR, the cache, a download.
        backend: what runs the training step: eager, fused, captured, auto.
        device: what trains: cpu, cuda, cuda:1, mps, auto. Activations are measured on the CPU.
        results: folder to write to.
        weights: files of published weights instead (see mnv2 evaluate). Rows go to RESULTS/imagenet.
        layout: whose files they are, where their content does not say so.
        images: of published weights: folder of labelled images.
        labels: of published weights: table with columns file and class.
        untrained: untrained networks of the paper's sizes too, on the same images.
        twins: a float file and its quantised twin, compared layer by layer.

    Raises:
        Problem: no such device, data, weights or a checkpoint that cannot be read, or stored rows without their
            conditions.
    """
    if weights or twins or untrained:
        _published(weights, layout, images, labels, untrained, twins, results, measure)
        return
    from experiments.answers.answer import Answer, write
    from experiments.measurements.patterns.rows import name_of, read
    from experiments.measurements.patterns.view import answer

    if measure:
        from analysis.training.device import find_device
        from experiments.measurements.patterns.measure import measure as measure_networks
        from experiments.sweeps.data import load

        on = find_device(device)
        found = measure_networks(load(dataset, data_dir), checkpoints, backend, _say, on)
        write(Answer(found.name, kept=found.kept), results)
    stored = read(results / name_of(dataset))  # numbers are stored to six digits, and the answer comes from these
    print("\n".join(map(str, write(answer(stored), results))))


def _published(
    weights: tuple[Path, ...],
    layout: str | None,
    images: Path | None,
    labels: Path | None,
    untrained: bool,
    twins: tuple[Path, Path] | None,
    results: Path,
    measure: bool,
) -> None:
    from experiments.answers.answer import write
    from experiments.measurements.imagenet import instruments, rows

    if measure:
        if images is None:
            raise Problem("published weights are looked at on images: name their folder with --images")
        instruments.look_at(weights, images, labels, untrained, twins, results, _say, layout)
    from experiments.measurements.imagenet.view import answer

    found = rows.stored(results)
    if not found:
        raise Problem(f"there is no {results}/{rows.NAME}: measure first, without --no-measure")
    print("\n".join(map(str, write(answer(found[0]), results))))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
