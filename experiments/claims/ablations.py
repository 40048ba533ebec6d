"""Claims of the paper that trained networks decide, each with the rules that judge it.

The rules are fixed here before the runs that they judge. The history of this file shows it. An effect is a weighted
sum of mean test accuracies, in points, paired by seed. It is judged at 5 % with its 95 % t interval. All parts of all
claims of one study are judged together (Holm), and a claim holds where all its parts do. A difference that is shown to
be smaller than half a point counts as none. It is a small effect, not what chance separates two runs by: that is
more (docs/limits.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from analysis.stats import Rule
from analysis.stats.sequential import Part
from experiments.studies.successors import BRANCHES, CHANGES, FIRST

BETTER = Rule(">", negligible=0.5)


@dataclass(frozen=True)
class Claim:
    """A statement of the paper (`analysis.reference.claims` has its words) as differences between a study's arms.

    `id`: of the statement, "" for a rule about something that the paper does not say.
    """

    id: str
    study: str
    parts: tuple[Part, ...]


def minus(better: str, worse: str, rule: Rule = BETTER) -> Part:
    """Accuracy of `better` minus accuracy of `worse`."""
    return Part(f"{better} - {worse}", {better: 1.0, worse: -1.0}, rule)


# "Several percent" is read as 2 to 10 points.
SEVERAL = (2.0, 10.0)
HURTS = Rule(">", negligible=0.5, size=SEVERAL)
# "Nearly identical performance curves": at equal multiply-adds, within a point either way.
NEARLY_IDENTICAL = Rule("=", margin=1.0)

INTERESTS: Mapping[str, float] = {
    "budget-1": 1.9,
    "budget-3": 1.8,
    "budget-10": 1.6,
    "budget-30": 1.5,
    "budget-100": 1.3,
    "cifar-preset": 1.9,
    "successors": 1.6,
}
"""The effect of interest in points of each study of a budget, or at one, which its seeds show with probability 0.8 or
more (results/tables/power-looks.md). A difference of differences has 1.4 times as much, and a fifth more is the margin
within which two networks are nearly identical."""

NO_EFFECT = 0.25
"""Points that count as none in these studies: half of the smallest gap with which Figure 6 ends. More would
contradict the paper by an effect of the size that it has."""

SHORTCUTS = (("linear", "expansion shortcut"), ("expansion shortcut", "no shortcut"))
PLACED = ("matched shortcut", "expansion shortcut")
SMALL, MIDDLE = "t = 1, cost of width 1", "t = 3, cost of width 1"


def _budget(study: str) -> Iterator[Claim]:
    """The rules of a study of one budget, as far as it has their arms."""
    interest = INTERESTS[study]
    better = Rule(">", negligible=NO_EFFECT, interest=interest)
    if study == "successors":
        yield from (Claim("", study, (minus(change, FIRST, better),)) for change in (*CHANGES, BRANCHES))
        return
    yield Claim("linear-bottleneck", study, (minus("linear", "relu6", replace(better, size=SEVERAL)),))
    yield Claim("shortcut-placement", study, tuple(minus(*pair, better) for pair in SHORTCUTS))
    if study == "cifar-preset":
        return
    yield Claim("expansion-above-one", study, (minus("linear", SMALL, better),))
    if study == "budget-100":
        return
    twice = Rule(">", negligible=NO_EFFECT, interest=1.4 * interest)
    yield Claim("linear-bottleneck-shortcut", study, (replace(INTERACTION, rule=twice),))
    yield Claim("", study, (minus("linear", MIDDLE, better),))
    yield Claim("", study, (minus(*PLACED, Rule("=", margin=1.2 * interest)),))


# The ReLU6 costs more without shortcuts than with them.
INTERACTION = Part(
    "(linear - relu6) without shortcuts - (linear - relu6) with them",
    {"no shortcut": 1.0, "relu6, no shortcut": -1.0, "linear": -1.0, "relu6": 1.0},
    BETTER,
)

RESCUED, LEARNS = Rule(">", negligible=0.5, interest=3.0), Rule(">", negligible=0.5, interest=2.0)
"""What the 20 seeds of why-shortcuts show with probability 0.8 (results/tables/power-looks.md): that more than half of
the gap which shortcuts make (13 points) is gone under another initialisation, by 3 points, or 2 between arms."""

CLAIMS = (
    *(claim for study in INTERESTS for claim in _budget(study)),
    Claim("linear-bottleneck", "dense-linear-bottleneck", (minus("linear", "relu6"),)),
    Claim("linear-bottleneck", "headline", (minus("linear", "relu6", HURTS),)),
    Claim(
        "shortcut-placement",
        "headline",
        (minus("linear", "expansion shortcut"), minus("expansion shortcut", "no shortcut")),
    ),
    Claim("linear-bottleneck", "ten-epochs", (minus("linear", "relu6", HURTS),)),
    Claim(
        "linear-bottleneck-shortcut",
        "ten-epochs",
        (INTERACTION,),
    ),
    Claim(
        "shortcut-placement",
        "ten-epochs",
        (minus("linear", "expansion shortcut"), minus("expansion shortcut", "no shortcut")),
    ),
    Claim("linear-bottleneck", "linear-bottleneck", (minus("linear", "relu6", HURTS),)),
    Claim(
        "linear-bottleneck-shortcut",
        "linear-bottleneck",
        (
            Part(
                "(linear - relu6) without shortcuts - (linear - relu6) with them",
                {"linear, no shortcut": 1.0, "relu6, no shortcut": -1.0, "linear": -1.0, "relu6": 1.0},
                BETTER,
            ),
        ),
    ),
    Claim(
        "shortcut-placement",
        "shortcut-placement",
        (
            minus("bottleneck", "expansion"),
            minus("expansion", "none"),
            minus("bottleneck, half depth", "expansion, half depth"),
            minus("expansion, half depth", "none, half depth"),
        ),
    ),
    Claim(
        "last-layer-width",
        "last-layer-width",
        tuple(minus(f"{width} full", f"{width} scaled") for width in ("0.35", "0.5", "0.75")),
    ),
    Claim(
        "expansion-range",
        "expansion-ratio",
        (
            *(
                minus(f"t = {t}, cost of width {width}", f"t = 6, width {width}", NEARLY_IDENTICAL)
                for width in ("0.5", "1", "1.5")
                for t in (5, 10)
            ),
            Part(
                "(t = 10 - t = 5) at the cost of width 1.5 - (t = 10 - t = 5) at that of width 0.5",
                {
                    "t = 10, cost of width 1.5": 1.0,
                    "t = 5, cost of width 1.5": -1.0,
                    "t = 10, cost of width 0.5": -1.0,
                    "t = 5, cost of width 0.5": 1.0,
                },
                BETTER,
            ),
        ),
    ),
    Claim(
        "expansion-below-one",
        "expansion-ratio",
        (
            minus("t = 6, width 1", "t = 0.5, width 1"),
            *(minus(f"t = 6, width {width}", f"t = 0.5, cost of width {width}") for width in ("0.5", "1", "1.5")),
        ),
    ),
    Claim(
        "capacity-expressiveness",
        "capacity-expressiveness",
        (
            *(minus(f"t = {t}, width 1.5", f"t = {t}, width 0.5") for t in (1, 6)),
            *(minus(f"t = 6, width {width}", f"t = 1, width {width}") for width in ("0.5", "1", "1.5")),
        ),
    ),
    Claim(
        "relu6-low-precision",
        "low-precision",
        tuple(
            Part(
                f"loss of ReLU - loss of ReLU6 at {bits} bits",
                {"ReLU, float": 1.0, f"ReLU, {bits} bits": -1.0, "ReLU6, float": -1.0, f"ReLU6, {bits} bits": 1.0},
                BETTER,
            )
            for bits in (8, 6, 4)
        ),
    ),
    Claim(
        "",
        "why-shortcuts",
        (
            Part(
                "half of (bottleneck - none) - (bottleneck - none) orthogonal",
                {"bottleneck": 0.5, "none": -0.5, "bottleneck, orthogonal": -1.0, "none, orthogonal": 1.0},
                RESCUED,
            ),
        ),
    ),
    Claim("", "why-shortcuts", (minus("bottleneck, zero", "bottleneck", LEARNS),)),
    Claim("", "why-shortcuts", (minus("none", "none, zero", LEARNS),)),
)
