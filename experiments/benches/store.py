"""How fast a large store becomes a table.

    mnv2 bench store

Records of 50 variants with as many seeds as it takes, in the size of real ones, are written to a temporary folder.
Each round reads the files, checks and parses them and makes the table, from empty caches of variants and recipes; the
files themselves lie in the system's cache. Importing pandas is not part of it.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

from analysis.arch import preset
from analysis.environment import environment
from analysis.tasks.recipes import recipe
from analysis.trials import Record, Store, Trial
from analysis.trials.frame import forget, frame

WIDTHS = tuple(0.5 + 0.05 * i for i in range(25))
PROJECTIONS = ("linear", "relu6")


def made_up(count: int, facts: dict[str, str | int]) -> Iterator[Record]:
    """`count` records with the fields of real ones."""
    variants = [preset("brief", width=w, projection=p).text for w, p in product(WIDTHS, PROJECTIONS)]
    text = recipe("short").text
    epochs = [{"train_loss": 1.5 / n, "validation_accuracy": 50.0 + n, "seconds": 60.0} for n in range(1, 11)]
    result = {"steps": 7030, "epochs": epochs, "test_correct": 7000, "test_images": 10_000}
    trials = (Trial(variant, text, "cifar10", "0" * 64, seed) for seed in range(count) for variant in variants)
    for trial in islice(trials, count):
        yield Record(trial, "finished", result, "", {**facts, "backend": "eager", "seconds": 600.0})


def measure(count: int, rounds: int) -> list[float]:
    """Seconds from the folder of `count` records to the table, round by round."""
    import pandas  # noqa: F401 (its import is not measured)

    facts, seconds = environment(), []
    with tempfile.TemporaryDirectory() as folder:
        for record in made_up(count, facts):
            path = Path(folder, record.trial.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(record.to_json())
        for _ in range(rounds):
            forget()
            started = time.perf_counter()
            table = frame(Store(Path(folder)).records()[0])
            seconds.append(time.perf_counter() - started)
            assert len(table) == count
    return seconds


def store_speed(records: int = 5000, rounds: int = 7) -> None:
    """Print the time from a store of so many records to a table, over so many rounds."""
    seconds = measure(records, rounds)
    print(
        f"{records} records to a table: {statistics.median(seconds):.3f} s, median of {rounds} rounds "
        f"[{min(seconds):.3f}, {max(seconds):.3f}]"
    )
