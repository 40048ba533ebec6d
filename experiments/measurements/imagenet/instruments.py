"""The instruments of trained trials on published networks: Figure 7, dimensions, recovery, rectified bottlenecks."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from torch import Tensor

from analysis.arch import unroll
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.data.labelled import Labelled, Look, find_labelled
from analysis.manifold.trained.measure import measured
from analysis.nn import build, initialise
from analysis.nn.network import Network
from analysis.nn.published.kinds import TENSORFLOW_PIXELS, Published
from analysis.nn.published.read import read_published
from analysis.nn.settle import settle_on
from experiments.measurements.imagenet import bends, measure, rows
from experiments.measurements.imagenet.rule import PATTERN_IMAGES, SEEDS, UNTRAINED, UNTRAINED_PAPERS

# Arm -> variant and seeds of untrained networks.
PLAIN = MobileNetV2(padding="one_sided")
UNTRAINED_NETWORKS = {
    UNTRAINED: (replace(PLAIN, resolution=160), SEEDS),
    UNTRAINED_PAPERS: (PLAIN, SEEDS[:1]),
    "untrained_0.35_224": (replace(PLAIN, width=0.35), SEEDS[:1]),
}
LOOK = "the whole image, bilinear"


def look_at(
    weights: Sequence[Path],
    images: Path,
    labels: Path | None,
    untrained: bool,
    twins: tuple[Path, Path] | None,
    results: Path,
    say: Callable[[str], object],
) -> None:
    """Measure files of weights, untrained networks and a pair of twins, and write each one's rows as it is done.

    `say` is called with a line for each network.

    Raises:
        Problem: weights, images or labels that cannot be read, rows of other images in `results`.
    """
    labelled = find_labelled(images, labels)
    networks = {path: read_published(path) for path in weights}
    where = measure.conditions(labelled, LOOK)
    for path, published in networks.items():
        shown = _shown(labelled, published)
        _patterns(path.stem, 0, published.network(), published, shown, results, where)
        rows.merge(results, "six", measure.six(path.stem, published, shown.images[:PATTERN_IMAGES]), where)
        rows.merge(results, "bent", bends.bent(path.stem, published, shown), where)
        say(f"measured {path.stem}")
    for arm, (variant, seeds) in UNTRAINED_NETWORKS.items() if untrained else ():
        published = Published("untrained", variant, {}, TENSORFLOW_PIXELS)
        shown = _shown(labelled, published, PATTERN_IMAGES)
        found = [_untrained(variant, seed, published, shown) for seed in seeds]
        _patterns(arm, seeds, found, published, shown, results, where)
        say(f"measured {arm}")
    if twins:
        pair = [read_published(path) for path in twins]
        shown = _shown(labelled, pair[0])
        compared = measure.twins(twins[0].stem, pair[0], twins[1].stem, pair[1], shown.images)
        rows.merge(results, "twin", compared, where)
        say(f"compared {twins[0].stem} and {twins[1].stem}")


def _shown(labelled: Labelled, published: Published, most: int | None = None) -> measure.Shown:
    chosen = labelled._replace(paths=labelled.paths[:most], classes=labelled.classes[:most])
    return measure.show(chosen, Look(published.variant.size[0]))


def _untrained(variant: MobileNetV2, seed: int, published: Published, shown: measure.Shown) -> Network:
    network = build(unroll(variant))
    initialise(network, seed)
    return settle_on(network, _batches(shown, published))


def _batches(shown: measure.Shown, published: Published) -> list[Tensor]:
    return list(measure.batches(shown.images[:PATTERN_IMAGES], published))


def _patterns(
    arm: str,
    seeds: int | Sequence[int],
    networks: Network | Sequence[Network],
    published: Published,
    shown: measure.Shown,
    results: Path,
    where: dict,
) -> None:
    """Measure one network, or one for each seed, and write the rows of the arm."""
    listed = [networks] if isinstance(networks, Network) else networks
    numbered = [seeds] if isinstance(seeds, int) else seeds
    stage = "initial" if published.layout == "untrained" else "trained"
    found: tuple[list, list, list] = ([], [], [])
    for seed, network in zip(numbered, listed, strict=True):
        for kind, new in zip(found, measured(network, _batches(shown, published), (arm, seed, stage)), strict=True):
            kind += new
    for kind, new in zip(("positive", "dimensions", "recovery"), found, strict=True):
        rows.merge(results, kind, new, where)
