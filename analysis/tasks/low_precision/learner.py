"""Training of a network that is scored at several precisions on one reading of the test split."""

from dataclasses import dataclass, field

from analysis.arch import Variant, unroll
from analysis.data.labels import Dataset
from analysis.nn import build
from analysis.nn.fold import fold
from analysis.nn.network import Network
from analysis.nn.quantise import activation_ranges, quantised
from analysis.tasks.classification.batches import evaluation_batches
from analysis.tasks.low_precision.recipe import FLOAT, QuantisedRecipe
from analysis.training.loop import Epoch, count_correct, learn, seen_size, test_examples

BATCH = 100  # maps that stay in a processor's cache, through which rounding passes four times


@dataclass(frozen=True)
class QuantisedResult:
    """What a training came to, fields as in `TrainingResult`.

    `readings`: test images classified rightly at each precision, by its name; "float" is the folded network in float32.
    """

    status: str
    steps: int
    epochs: tuple[Epoch, ...]
    test_correct: int | None = None
    test_images: int | None = None
    readings: dict[str, int] = field(default_factory=dict)


def train_and_quantise(
    variant: Variant, recipe: QuantisedRecipe, data: Dataset, seed: int, backend: str = "eager"
) -> tuple[Network, QuantisedResult]:
    """Train a network of `variant`, find ranges on training images, then score all precisions.

    The test split is read once, behind the last step; nothing is chosen by what it says.

    Raises:
        Problem: as `fit`.
    """
    network = build(unroll(variant), backend)
    result = learn(network, recipe.training, data, seed)
    if result.status != "finished":
        return network, QuantisedResult(result.status, result.steps, result.epochs)
    networks = precise(network, recipe, data)
    images, labels = test_examples(result, recipe.training, data)

    def correct(scored: Network) -> int:
        return count_correct(scored, evaluation_batches(images, labels, data, BATCH, seen_size(network)))

    readings = {name: correct(scored) for name, scored in networks.items()}
    return network, QuantisedResult(result.status, result.steps, result.epochs, correct(network), len(labels), readings)


def precise(network: Network, recipe: QuantisedRecipe, data: Dataset) -> dict[str, Network]:
    """The trained network in float32, folded, and at each precision, by name; ranges are those on the first images of
    the training part."""
    plain = Network(network.plan)
    plain.load_state_dict(network.state_dict())
    folded = fold(plain.eval())
    train, _ = data.split(recipe.training.validation, recipe.training.split_seed)
    images, labels = data.images_and_labels(train[: recipe.calibration])
    ((batch, _),) = evaluation_batches(images, labels, data, batch=len(labels), size=seen_size(network))
    whole, clipped = activation_ranges(folded, batch, (100.0, recipe.percentile))
    made = {FLOAT: folded}
    for p in recipe.precisions():
        made[p.name] = quantised(folded, clipped if p.clipped else whole, p.bits, p.per_channel)
    return made
