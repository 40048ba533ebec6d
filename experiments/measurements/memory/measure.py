"""The peak activation memory of a network under named schedules, and in the best order of execution."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from analysis.arch import Plan, Variant, parse_variant, unroll
from analysis.arch.folding import folded
from analysis.cost.graph import Timeline
from analysis.cost.memory import least_memory, memory
from analysis.cost.splitting import splittable

WORDS = {
    "eager": "eager inference",
    "folded": "norms folded",
    "split": "norms folded, inner tensors split {} ways",
    "block": "each block one operation",
    "training": "training",
}


@dataclass(frozen=True)
class Arguments:
    """What is computed: text of a variant, `bits` of an element, `ways` into which inner tensors are split, `batch`
    images at once, and `style` of the timeline ("paper", "slides")."""

    variant: str
    bits: int = 32
    ways: tuple[int, ...] = (2, 4)
    batch: int = 1
    style: str = "paper"


class Measured(NamedTuple):
    """Live bytes of each schedule, (schedule, groups) -> its timeline, and `rows` with the peaks."""

    arguments: Arguments
    variant: Variant
    timelines: dict[tuple[str, int], Timeline]
    rows: list[dict[str, Any]]


def measure(arguments: Arguments) -> Measured:
    """Every schedule of the network.

    Raises:
        Problem: a text that names no variant, or more groups than a block has inner channels.
    """
    variant = parse_variant(arguments.variant)
    plan = unroll(variant)
    found = schedules(plan, arguments.bits, arguments.ways, arguments.batch)
    rows = [
        row(schedule, groups, timeline, plan, arguments.bits, arguments.batch)
        for (schedule, groups), timeline in found.items()
    ]
    return Measured(arguments, variant, found, rows)


def schedules(plan: Plan, bits: int, ways: tuple[int, ...], batch: int) -> dict[tuple[str, int], Timeline]:
    """(schedule, groups) -> live bytes in the Plan's own order. A network without blocks to split has no split ones.

    Raises:
        Problem: more groups than a block has inner channels.
    """
    found: dict[tuple[str, int], Timeline] = {}
    for schedule in WORDS:
        for groups in ways if schedule == "split" else (1,):
            if schedule != "split" or splittable(folded(plan)):
                found[schedule, groups] = memory(plan, schedule, bits, groups, batch)
    return found


def row(schedule: str, groups: int, timeline: Timeline, plan: Plan, bits: int, batch: int) -> dict[str, Any]:
    """Peak in bytes, the operation that sets it, and the least peak over orders of execution (None in training)."""
    least = None if schedule == "training" else least_memory(plan, schedule, bits, groups, batch).peak
    return {
        "schedule": schedule,
        "ways": groups if schedule == "split" else None,
        "peak": timeline.peak.bytes,
        "at": timeline.peak.name,
        "least": least.bytes if least else None,
        "least_at": least.name if least else None,
    }
