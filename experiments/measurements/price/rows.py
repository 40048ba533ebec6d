"""Prices from stored runs, and what each part adds in counts, memory and measured latency."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from analysis.arch import Variant, unroll
from analysis.cost import count
from analysis.cost.memory import memory
from analysis.problem import Problem
from analysis.stats import mean_interval
from analysis.tasks.classification.recipe import TUNED, TUNED_RATE
from analysis.trials import Record, Store
from experiments.measurements.effects.rows import Ours, by_budget, gaps
from experiments.measurements.price.parts import Part, parts

FILE = "price.json"
BUDGETS = TUNED
COSTS: Mapping[str, Callable[[Variant], float]] = {
    "MAdds": lambda variant: count(unroll(variant)).madds,
    "parameters": lambda variant: count(unroll(variant)).params,
    "peak memory": lambda variant: memory(unroll(variant), "folded").peak.bytes,
}


class Price(NamedTuple):
    """What a part buys at one budget, in points, with its interval. `ours` says from which runs."""

    points: float
    low: float
    high: float
    ours: Ours


class Slower(NamedTuple):
    """By how many percent the latency grows with a part, with the 95 % t interval over the rounds."""

    percent: float
    low: float
    high: float


class Line(NamedTuple):
    """A part: what it adds in percent by count, what it does to the latency, None where not measured, and its price by
    epochs, None where not run."""

    part: Part
    adds: Mapping[str, float]
    slower: Slower | None
    prices: Mapping[int, Price | None]


class Timed(NamedTuple):
    """Latencies in milliseconds by text of a network, from several rounds, with their conditions."""

    latency: Mapping[str, Mapping[str, Any]]
    conditions: Mapping[str, Any]
    environment: Mapping[str, Any]


class Measured(NamedTuple):
    """The price list, and the latencies that it has, if any."""

    lines: list[Line]
    timed: Timed | None


def stored(results: Path) -> list[Measured]:
    """The price list of the runs and latencies below `results`. None without a run that it needs.

    Raises:
        Problem: the store or the file of latencies is damaged.
    """
    return measured(Store(results / "trials").records()[0], timed(results))


def timed(results: Path) -> Timed | None:
    """The stored latencies.

    Raises:
        Problem: the file is damaged.
    """
    path = results / FILE
    if not path.is_file():
        return None
    try:
        return Timed(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise Problem(f"{path} is damaged ({error}): delete it, or make it again by mnv2 price --measure") from error


def measured(records: Iterable[Record], latencies: Timed | None = None) -> list[Measured]:
    """One list, or none where no part has a price."""
    runs = by_budget(records)
    lines = []
    for part in parts():
        pairs = [(a.text, b.text) for a, b in part.variants]
        found = [each for each in gaps(part.name, pairs, runs) if each.pairs == len(pairs)]
        prices = {epochs: _price(part, [each for each in found if each.epochs == epochs]) for epochs in BUDGETS}
        lines.append(Line(part, adds(part), slower(part, latencies), prices))
    known = any(price for line in lines for price in line.prices.values())
    return [Measured(lines, latencies)] if known else []


def _price(part: Part, found: list[Ours]) -> Price | None:
    """From the best runs: at the chosen rate, on the data set without a note on its copy, then most of them."""
    if not found:
        return None
    best = max(found, key=lambda each: (each.rate == TUNED_RATE, not each.noted, each.difference.n))
    d, share = best.difference, part.share
    return Price(share * d.mean, share * d.low, share * d.high, best)


def adds(part: Part) -> dict[str, float]:
    """By how many percent each count grows with the part, the mean over its pairs; of a marginal point with ten percent
    more."""
    return {
        name: _percent(part, [math.log(cost(a) / cost(b)) for a, b in part.variants]) for name, cost in COSTS.items()
    }


def slower(part: Part, latencies: Timed | None) -> Slower | None:
    """The same of the latency, from the ratios of each round, which a busy moment hits alike."""
    known = latencies.latency if latencies else {}
    if not {variant.text for pair in part.variants for variant in pair} <= set(known):
        return None
    turns = [(known[a.text]["turns"], known[b.text]["turns"]) for a, b in part.variants]
    rounds = zip(*(zip(*pair, strict=True) for pair in turns), strict=True)
    found = mean_interval([math.fsum(math.log(x / y) for x, y in one) / len(one) for one in rounds])
    return Slower(*(_percent(part, [each]) for each in (found.mean, found.low, found.high)))


def _percent(part: Part, logs: Sequence[float]) -> float:
    return 100 * math.expm1(part.share * math.fsum(logs) / len(logs))
