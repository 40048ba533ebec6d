"""`mnv2 evaluate`: top-1 and top-5 of published weights on labelled images, and two networks image by image."""

import json as jsonlib
import sys
from pathlib import Path
from typing import Any, Literal

from analysis.problem import Problem


def main(
    weights: tuple[Path, ...],
    images: Path,
    labels: Path | None = None,
    layout: Literal["torchvision", "timm", "keras", "tflite"] | None = None,
    runs: tuple[Literal["float", "rounded", "integers", "interpreter"], ...] = (),
    resolution: int | None = None,
    fit: Literal["squash", "crop"] = "squash",
    filter: Literal["bilinear", "bicubic", "area"] = "bilinear",
    low_precision: bool = False,
    keep: bool = False,
    layers: bool = False,
    json: bool = False,
    results: Path = Path("results"),
) -> None:
    """Score files of weights on the same images. Of several files each is compared with the first, image by image.

    Args:
        weights: files of torchvision, timm, Keras (.h5) or TensorFlow Lite, which say what network they are of.
        images: folder of images: a folder for each class, or files that --labels names.
        labels: table with columns file and class (0 to 999). Without it the class is the name of an image's folder.
        layout: whose files they are, where their content does not say so.
        runs: how to compute: float, rounded (float sums, results on the file's grids), integers (exact), interpreter
            (TensorFlow Lite's own). Default: integers for a file of integers, else float.
        resolution: side of the input in pixels. Default: the one of the weights.
        fit: squash the whole image to a square, or crop: the shorter side to resolution / 0.875, then the middle.
        filter: how an image is resized.
        low_precision: 8, 6 and 4 bits by this suite's own ranges too, on every second image. Takes fourteen times as
            long.
        keep: write what was found to RESULTS/imagenet, with tables, figures and verdicts. It computes in all ways.
        layers: of files of Keras, instead: how far each layer's results are from those of a second reading of the file,
            an ONNX model made from its arrays alone (extra `export`).
        json: print it as JSON.
        results: folder to write to.

    Raises:
        Problem: weights, images or labels that cannot be read or do not go together. Before anything is computed.
    """
    from analysis.data.labelled import Look, find_labelled
    from analysis.nn.published.read import read_published
    from experiments.measurements.imagenet import measure, rows

    if not weights:
        raise Problem("name one file of weights or more with --weights")
    labelled = find_labelled(images, labels)
    networks = {path: read_published(path, layout) for path in weights}
    if resolution:
        networks = {path: made.at(resolution) for path, made in networks.items()}
    where = measure.conditions(labelled, Look(0, fit, filter).said.replace(" at 0 x 0", ""))
    if layers:
        _layers(networks, labelled, (fit, filter), json, results if keep else None, where)
        return
    for path, made in networks.items():
        _check(path, made, runs)
    found: list[dict[str, Any]] = []
    for path, made in networks.items():
        look = Look(made.variant.size[0], fit, filter)
        shown = measure.show(labelled, look)
        wanted = () if keep else runs or (("integers",) if made.grids else ("float",))
        mine, seconds = measure.timed_answers(path.stem, path, made, shown, wanted)
        _say(json, f"{path}: {made.said}")
        _say(json, f"  {len(labelled.paths)} images, {look.said}")
        for row in mine:
            _say(json, f"  {line(row, seconds[row.runs])}")
        found += [_facts(path, look.said, row, seconds[row.runs]) for row in mine]
        if low_precision:
            lower = measure.low_precision(path.stem, made, shown, lambda text: print(text, file=sys.stderr, flush=True))
            found += [_facts(path, look.said, row, 0.0) for row in lower]
            mine += lower
        if keep:
            rows.merge(results, "accuracy", mine, where)
    pairs = [_compared(found, a, b) for a, b in _pairs(found, len(weights) > 1)]
    for pair in pairs:
        _say(json, pair["said"])
    if json:
        answer = [{key: value for key, value in each.items() if key != "answers"} for each in found]
        print(jsonlib.dumps({"networks": answer, "pairs": pairs}, indent=2))
    if keep:
        _write(results)


def _layers(
    networks: dict[Path, Any], labelled: Any, how: tuple[Any, Any], json: bool, keep: Path | None, where: dict[str, Any]
) -> None:
    """Compare two readings of each file, layer by layer.

    Raises:
        Problem: a file of another library, or a layer that is further off than the tolerance.
    """
    from analysis.data.labelled import Look
    from experiments.measurements.imagenet import measure, rows
    from experiments.measurements.imagenet.agreement import TOLERANCE, agreement, furthest

    found, beyond = [], []
    for path, made in networks.items():
        shown = measure.show(labelled, Look(made.variant.size[0], *how))
        mine = agreement(path.stem, path, made, shown.images)
        worst = furthest(mine)
        said = (
            f"{path}: {len(mine)} layers on {worst.images} images, two readings at most {worst.share:.2g} of a layer's "
        )
        _say(json, f"{said}largest value apart ({worst.layer}; tolerance {TOLERANCE:g})")
        found += [{**row._asdict(), "share": row.share} for row in mine]
        beyond += [path] if worst.share > TOLERANCE else []
        if keep:
            rows.merge(keep, "agreement", mine, where)
    if json:
        print(jsonlib.dumps({"tolerance": TOLERANCE, "layers": found}, indent=2))
    if keep:
        _write(keep)
    if beyond:
        raise Problem(f"{beyond[0]} is read in two ways that differ: a layer is beyond the tolerance of {TOLERANCE:g}")


def _write(results: Path) -> None:
    from experiments.answers.answer import write
    from experiments.measurements.imagenet import rows
    from experiments.measurements.imagenet.view import answer as made_of

    print("\n".join(map(str, write(made_of(rows.stored(results)[0]), results))))


def line(row: Any, seconds: float) -> str:
    """A row as a line for a reader, with images a second."""
    from analysis.stats.proportions import wilson

    first, five = (wilson(count, row.images).percent for count in (row.right, row.five))
    speed = f", {row.images / seconds:.1f} images/s" if seconds else ""
    text = f"{row.runs}: top-1 {first} %, top-5 {five} % (95 %, Wilson){speed}"
    if row.agree >= 0:
        text += (
            f"; {row.agree} of {row.images} first classes are the interpreter's, scores {row.off:.2g} off in the mean"
        )
    return text


def _check(path: Path, made: Any, runs: tuple[str, ...]) -> None:
    from experiments.measurements.imagenet import measure

    if not made.classifies:
        raise Problem(f"{path} has no classifier of ImageNet's classes: mnv2 patterns looks at its layers")
    if missing := [way for way in runs if way not in measure.ways(path, made)]:
        raise Problem(f"{path} cannot run as {missing[0]}: that takes a file of TensorFlow Lite, with integers")
    if made.variant.size[0] != made.variant.size[1]:
        raise Problem(f"{path} takes images of {made.variant.size} pixels: choose a square with --resolution")


def _say(json: bool, text: str) -> None:
    if not json:
        print(text, flush=True)


def _facts(path: Path, look: str, row: Any, seconds: float) -> dict[str, Any]:
    facts = {"file": str(path), "look": look, **row._asdict()}
    return facts | ({"images_per_second": row.images / seconds} if seconds else {})


def _pairs(found: list[dict[str, Any]], several: bool) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What is compared: of several files each with the first, computed in the same way; of one its ways."""
    plain = [row for row in found if not row["bits"] and row["runs"] != "quantised"]
    if not several:
        return [(plain[0], row) for row in plain[1:]]
    first = {row["runs"]: row for row in plain if row["file"] == plain[0]["file"]}
    only = next(iter(first.values()))
    return [(first.get(row["runs"], only), row) for row in plain if row["file"] != plain[0]["file"]]


def _compared(found: list[dict[str, Any]], a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    from analysis.stats.proportions import mcnemar

    first, second = ([digit == "1" for digit in row["answers"]] for row in (a, b))
    both = mcnemar(first, second)
    names = [f"{Path(row['file']).stem} ({row['runs']})" for row in (a, b)]
    said = (
        f"{names[0]} - {names[1]}, image by image: {both.points} points, only the first right {both.first_only}, only "
        f"the second {both.second_only}, of {both.n}; McNemar's exact p = {both.p:.2g}"
    )
    stated = {"first_only": both.first_only, "second_only": both.second_only, "images": both.n, "p": both.p}
    return {"first": names[0], "second": names[1], **stated, "difference": both.difference, "said": said}
