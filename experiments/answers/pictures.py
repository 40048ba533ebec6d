"""What stands beside the answer of a study on boxes or masks: its classes, its minutes, guesses that see no image, and
pictures of predictions."""

import io
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from analysis.files import write_whole
from analysis.render.masks import MASK_COLOURS, masks_figure
from analysis.render.style import COLOURS, style
from analysis.render.table import Table
from analysis.tasks.recipes import AnyRecipe
from analysis.trials import Record
from experiments.study import Study, read_as

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS_OF_IMAGES, DOTS_PER_INCH = 128, 130  # of the pictures' files, so that they stay small


def finished_runs(study: Study, recipe: AnyRecipe, records: Sequence[Record]) -> dict[str, list[Record]]:
    """The finished records of each arm that has any, in the order of the study's seeds; none but of boxes or masks."""
    known = {
        (record.trial.variant, record.trial.seed): record
        for record in records
        if record.trial.recipe == recipe.text and record.status == "finished" and "blind" in record.result
    }
    found = {
        name: [known[variant.text, seed] for seed in study.seeds if (variant.text, seed) in known]
        for name, variant in study.arms.items()
    }
    return {name: mine for name, mine in found.items() if mine}


def classes_table(title: str, recipe: AnyRecipe, runs: dict[str, list[Record]]) -> Table:
    """One row an arm: runs, mean of the recipe's metric and of each class in percent, minutes of a run; below them what
    guesses without a look at the image score on the same test images."""
    first = next(iter(runs.values()))[0].result
    measure = recipe.metric.removeprefix("test ")
    columns = ("arm", "n", f"{measure} %", *(f"{name} %" for name in first["classes"]), "minutes")
    rows: list[list[Any]] = []
    for name, records in runs.items():
        minutes = statistics.fmean(record.provenance["seconds"] / 60 for record in records)
        for reading, scored in _readings([record.result for record in records]).items():
            each = zip(*(classes for _, classes in scored), strict=True)
            score = _percent([score for score, _ in scored])
            rows.append(
                [read_as(name, reading) if reading else name, len(records), score, *map(_percent, each), minutes]
            )
    for guess in first["blind"]:
        rows.append(
            [f"guess: {guess['name']}", None, 100 * guess["score"], *(_percent([c]) for c in guess["classes"]), None]
        )
    starts = {record.result["start"].split(", seed ")[0] for records in runs.values() for record in records}
    started = [f"{text}, the seed of the run" if text else "random weights" for text in sorted(starts)]
    notes = (
        f"Test images: {first['test_images']}. Means over the runs; the guesses know the training images and see no "
        f"test image. Minutes: a run's wall time on one thread, others running beside it.",
        f"Trunk started from: {'; '.join(started)}.",
    )
    return Table(title, columns, rows, notes, digits=1)


def _readings(results: list[dict[str, Any]]) -> dict[str, list[tuple[float, list[float | None]]]]:
    """Of each run the score and those of its classes, by way of scoring; "" where there is one way only."""
    if ways := results[0].get("readings"):
        return {way: [(r["readings"][way], r["readings_by_class"][way]) for r in results] for way in ways}
    return {"": [(result["test_score"], result["test_classes"]) for result in results]}


def _percent(values: Any) -> float | None:
    known = [100 * value for value in values if value is not None]
    return statistics.fmean(known) if known else None


def write_classes(
    study: Study, recipe: AnyRecipe, dataset: str, records: Sequence[Record], results: Path, suffix: str = ""
) -> list[Path]:
    """tables/*-classes below `results`, named like the study's answer; nothing where no run is of boxes or masks."""
    if not (runs := finished_runs(study, recipe, records)):
        return []
    stem = f"{study.name}-{dataset}-{recipe.name}{suffix}-classes"
    return classes_table(f"{study.question} By class", recipe, runs).write(results / "tables" / stem)


def write_pictures(
    study: Study, recipe: AnyRecipe, data: Any, records: Sequence[Record], results: Path, suffix: str = ""
) -> list[Path]:
    """figures/*-pictures.png: for the few test images that records keep predictions for, the truth beside those of
    each arm's first seed. Nothing where no run is of boxes or masks."""
    if not (runs := finished_runs(study, recipe, records)):
        return []
    firsts = {name: mine[0].result for name, mine in runs.items()}
    stem = f"{study.name}-{data.name}-{recipe.name}{suffix}-pictures"
    with style("paper", columns=2):
        figure = _figure(firsts, recipe, data)
        return [write_whole(results / "figures" / f"{stem}.png", small_png(figure))]


def _figure(results: dict[str, dict[str, Any]], recipe: AnyRecipe, data: Any) -> "Figure":
    from analysis.data.finished import Finished
    from analysis.data.masks import nearest
    from analysis.render.boxes import boxes_figure
    from analysis.tasks.detection.recipe import DetectionRecipe
    from analysis.tasks.segmentation.evaluate import unpacked

    first = next(iter(results.values()))
    test = data.test(Finished(first["steps"], recipe.steps(len(data.train_images))))
    places = [each["place"] for each in first["shown"]]
    images = [test.images[place] for place in places]
    if isinstance(recipe, DetectionRecipe):
        found = {n: [(each["boxes"], each["labels"]) for each in result["shown"]] for n, result in results.items()}
        truth = [(test.boxes[place], test.labels[place]) for place in places]
        return boxes_figure(images, {"truth": truth, **found}, data.classes)
    masks = {name: [unpacked(each["mask"]) for each in result["shown"]] for name, result in results.items()}
    return masks_figure(images, [nearest(test.masks[place], data.size) for place in places], masks, data.classes)


def small_png(figure: "Figure") -> bytes:
    """The figure as a PNG of few colours, those of boxes and masks among them, and no date; closes it."""
    import matplotlib.pyplot as plt

    large, small = io.BytesIO(), io.BytesIO()
    figure.savefig(large, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    plt.close(figure)
    image = Image.open(large).convert("RGB")
    found = image.quantize(COLOURS_OF_IMAGES).getpalette() or []
    marks = [channel for colour in (*COLOURS, *MASK_COLOURS, "#FFFFFF") for channel in bytes.fromhex(colour[1:])]
    palette = Image.new("P", (1, 1))
    palette.putpalette([*marks, *found])
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()
