"""Rules for claims whose registered ones cannot give the verdict that the truth deserves, tested before they are used.

They judge studies whose seeds come in looks. Answers from a fixed number of seeds keep the rules that were registered
before their runs (`experiments.claims.ablations`). `experiments.power.operating` tabulates what each gives under stated
truths. What they have in common:

- Parts are means over budgets, widths or depths instead of one part for each. A claim about all of them is then asked
  once, with the runs of all.
- An effect smaller than that of interest counts as none, so that a study which finds none ends with a verdict and not
  with a shrug. At one epoch the effect of interest is a point of test accuracy.
- Seeds come in looks (`analysis.stats.sequential`), at most 40, and the parts of a study share 5 %.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.stats import Rule, Runs
from analysis.stats.sequential import Part

POINT = Rule(">", negligible=1.0, interest=1.0)
WITHIN_A_POINT = Rule("=", margin=1.0)
LEAN = Rule(">", negligible=1.5, interest=1.5)
SLIGHTLY = Rule(">", negligible=0.5, interest=0.5)
FIVE = Rule(">", negligible=5.0, interest=5.0)

Needs = Literal["every", "some"]
COSTS = ("0.5", "1", "1.5")


@dataclass(frozen=True)
class Proposal:
    """A claim of the paper with the parts that would judge it.

    - `study`: whose arms the parts weigh. `needs`: "every" part, or "some" part with none shown the other way round.
    - `was`: what the registered rule gets wrong.
    - `reads`: arms that are differences of two readings of one run, by name: (the first, the second).
    """

    id: str
    study: str
    parts: tuple[Part, ...]
    was: str
    needs: Needs = "every"
    reads: Mapping[str, tuple[str, str]] | None = None


def between(arms: Mapping[str, Runs], reads: Mapping[str, tuple[str, str]]) -> dict[str, Runs]:
    """Differences of two readings of one run, by name: the first minus the second. A run that diverged has none."""
    made: dict[str, Runs] = {}
    for name, (first, second) in reads.items():
        pairs = {seed: (one, arms[second][seed]) for seed, one in arms[first].items() if seed in arms[second]}
        made[name] = {seed: None if a is None or b is None else a - b for seed, (a, b) in pairs.items()}
    return made


def mean_of(title: str, pairs: list[tuple[str, str]], rule: Rule = POINT) -> Part:
    """The mean over `pairs` (better, worse) of the accuracy of the one minus that of the other."""
    weights: dict[str, float] = {}
    for better, worse in pairs:
        weights[better] = weights.get(better, 0.0) + 1 / len(pairs)
        weights[worse] = weights.get(worse, 0.0) - 1 / len(pairs)
    return Part(title, weights, rule)


LOSSES = {
    f"{arm}, lost at {bits} bits": (f"{arm}, float", f"{arm}, {bits} bits")
    for arm in ("ReLU", "ReLU6")
    for bits in (8, 6, 4)
}

PROPOSALS = (
    Proposal(
        "expansion-range",
        "expansion-ratio",
        tuple(
            mean_of(
                f"t = {t} - t = 6, mean over three costs",
                [(f"t = {t}, cost of width {width}", f"t = 6, width {width}") for width in COSTS],
                WITHIN_A_POINT,
            )
            for t in (5, 10)
        ),
        "six parts of two points' spread within one point, and a lean that they exclude: never supported",
    ),
    Proposal(
        "expansion-range-lean",
        "expansion-ratio",
        (
            Part(
                "(t = 10 - t = 5) at the cost of width 1.5 - (t = 10 - t = 5) at that of width 0.5",
                {
                    "t = 10, cost of width 1.5": 1.0,
                    "t = 5, cost of width 1.5": -1.0,
                    "t = 10, cost of width 0.5": -1.0,
                    "t = 5, cost of width 0.5": 1.0,
                },
                LEAN,
            ),
        ),
        "one conjunction with its opposite; a sentence of its own in the paper",
    ),
    Proposal(
        "expansion-above-one",
        "expansion-ratio",
        (
            mean_of(
                "t = 6 - t = 1, mean over three costs",
                [(f"t = 6, width {width}", f"t = 1, cost of width {width}") for width in COSTS],
            ),
        ),
        "the registered rule asks about t = 0.5, the sentence is about t > 1",
    ),
    Proposal(
        "last-layer-width",
        "last-layer-width",
        (
            mean_of(
                "full - scaled, mean over widths",
                [(f"{width} full", f"{width} scaled") for width in ("0.35", "0.5", "0.75")],
            ),
        ),
        "each width has to show it alone",
    ),
    Proposal(
        "capacity-expressiveness",
        "capacity-expressiveness",
        (
            mean_of(
                "width 1.5 - width 0.5, mean over t = 1 and 6",
                [(f"t = {t}, width 1.5", f"t = {t}, width 0.5") for t in (1, 6)],
            ),
            mean_of(
                "t = 6 - t = 1, mean over three widths",
                [(f"t = 6, width {width}", f"t = 1, width {width}") for width in COSTS],
            ),
        ),
        "five parts, each of which has to show it alone",
    ),
    Proposal(
        "relu6-low-precision",
        "low-precision",
        tuple(
            Part(
                f"loss of ReLU - loss of ReLU6 at {bits} bits",
                {f"ReLU, lost at {bits} bits": 1.0, f"ReLU6, lost at {bits} bits": -1.0},
                FIVE if bits == 4 else SLIGHTLY,
            )
            for bits in (8, 6, 4)
        ),
        "contradicted by its easiest part: at 8 bits neither loses",
        needs="some",
        reads=LOSSES,
    ),
)
