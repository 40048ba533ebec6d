"""Answers of measurements, made again from what is stored.

What was measured is stored as numbers (latency*.json, price.json, splitting.json, patterns*/, gradients*/, backends/,
imagenet/), or as trials (effects and prices by budget). What arithmetic alone gives is stored with its arguments
(computed/), and computed again where one of its files is gone.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from experiments.answers import computed
from experiments.answers.answer import Answer, write
from experiments.measurements.backends import rows as backends
from experiments.measurements.backends import view as backends_view
from experiments.measurements.effects import rows as effects
from experiments.measurements.effects import view as effects_view
from experiments.measurements.gradients import rows as gradients
from experiments.measurements.gradients import view as gradients_view
from experiments.measurements.imagenet import rows as imagenet
from experiments.measurements.imagenet import view as imagenet_view
from experiments.measurements.latency import rows as latency
from experiments.measurements.latency import view as latency_view
from experiments.measurements.patterns import rows as patterns
from experiments.measurements.patterns import view as patterns_view
from experiments.measurements.price import rows as price
from experiments.measurements.price import view as price_view
from experiments.measurements.splitting import rows as splitting
from experiments.measurements.splitting import view as splitting_view


def measured(results: Path) -> dict[str, list[Answer]]:
    """Measurement -> its answers, from the numbers that are stored.

    Raises:
        Problem: a stored file is damaged.
    """
    return {
        "latency": [latency_view.answer(each) for each in latency.stored(results)],
        "splitting": [splitting_view.answer(each) for each in splitting.stored(results)],
        "patterns": [patterns_view.answer(each) for each in patterns.stored(results)],
        "gradients": [gradients_view.answer(each) for each in gradients.stored(results)],
        "backends": [backends_view.answer(each) for each in backends.stored(results)],
        "imagenet": [imagenet_view.answer(each) for each in imagenet.stored(results)],
        "price": [price_view.answer(each) for each in price.stored(results)],
        "effects": [made for each in effects.stored(results) for made in effects_view.answers(each)],
    }


def shown(found: Mapping[str, Sequence[Answer]], results: Path) -> dict[str, Sequence[Answer]]:
    """Measurement -> its answers: those of `measured`, and those of arithmetic.

    Raises:
        Problem: a stored file is damaged.
    """
    return {**found, **computed.stored(results)}


def restored(found: Mapping[str, Sequence[Answer]], results: Path) -> Iterator[Path]:
    """Write the answers of `measured` below `results`, and what arithmetic gives where a file of it is gone. Yield the
    paths.

    Raises:
        Problem: a file cannot be written, or a stored file is damaged.
    """
    for answers in found.values():
        for answer in answers:
            yield from write(answer, results)
    yield from computed.renewed(results)
