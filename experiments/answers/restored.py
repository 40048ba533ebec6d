"""Answers of measurements, made again from what is stored.

What was measured is stored as numbers (latency*.json, splitting.json, patterns*/, backends/). What arithmetic alone
gives is stored with its arguments (computed/), and computed again where one of its files is gone.
"""

from collections.abc import Iterator
from pathlib import Path

from experiments.answers import computed
from experiments.answers.answer import Answer, write
from experiments.measurements.backends import rows as backends
from experiments.measurements.backends import view as backends_view
from experiments.measurements.latency import rows as latency
from experiments.measurements.latency import view as latency_view
from experiments.measurements.patterns import rows as patterns
from experiments.measurements.patterns import view as patterns_view
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
        "backends": [backends_view.answer(each) for each in backends.stored(results)],
    }


def shown(results: Path) -> dict[str, list[Answer]]:
    """Measurement -> its answers, those of arithmetic included.

    Raises:
        Problem: a stored file is damaged.
    """
    return measured(results) | computed.stored(results)


def restored(results: Path) -> Iterator[Path]:
    """Write tables, figures and verdicts again, below `results`, from all that is stored there; yield the paths.

    Raises:
        Problem: a stored file is damaged.
    """
    for answers in measured(results).values():
        for answer in answers:
            yield from write(answer, results)
    yield from computed.renewed(results)
