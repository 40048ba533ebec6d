"""Pictures of what detectors and segmentation networks find on test images, next to the truth."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PIL import Image

from analysis.data.finished import Finished
from analysis.data.masks import nearest
from analysis.render.boxes import boxes_figure
from analysis.render.masks import MASK_COLOURS, masks_figure
from analysis.render.style import COLOURS, style
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.recipes import AnyRecipe
from analysis.tasks.segmentation.evaluate import unpacked
from analysis.trials import Record
from experiments.answers.answer import Answer
from experiments.answers.classes import finished_runs
from experiments.answers.study import Question

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS_OF_IMAGES, DOTS_PER_INCH = 128, 130  # of the pictures' files, so that they stay small


def pictures(question: Question, data: Any, records: Sequence[Record]) -> Answer | None:
    """figures/*-pictures.png: for the few test images that records keep predictions for, the truth and what the first
    seed of each arm finds. None where no run is of boxes or masks."""
    recipe = question.conditions.recipe
    if not (runs := finished_runs(question.study, recipe, records)):
        return None
    firsts = {name: mine[0].result for name, mine in runs.items()}
    with style("paper", columns=2):
        content = small_png(_figure(firsts, recipe, data))
    return Answer(question.stem, kept={f"figures/{question.stem}-pictures.png": content})


def _figure(results: dict[str, dict[str, Any]], recipe: AnyRecipe, data: Any) -> "Figure":
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
    """The figure as a PNG of few colours, those of boxes and masks among them, and no date. Closes the figure."""
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
