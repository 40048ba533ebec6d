"""A printed number against a computed one, and the search for what would reproduce it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

Guess = tuple[str, float]  # what was done differently, and what that gives
NOT_EXPLAINED = "not explained"
CHANCE, MISPRINT = "may be chance: ", "a misprint: "  # in front of an explanation where a person reads it


@dataclass(frozen=True)
class Row:
    """One printed number. `verdict`: "exact", "rounds to" or "differs".

    When it differs: `tried` hypotheses, of which `fit` agree with it. `chance` is how many would if they were wrong and
    spread evenly in their logarithm between half and twice the printed number, `observed` if they were spread as those
    on the other numbers are (`chance.py`). `fits`: labels of those that agree. `ratios`: all of them over the computed
    number. `window`: from where to where values agree with the printed number. `chance_likely`: the explanation may be
    chance, by the rule of `chance.py`. `misprint`: the number's own column contradicts it (`misprints.py`).
    """

    id: str
    where: str
    quantity: str
    printed: float
    computed: float
    ratio: float
    verdict: str
    explanation: str
    tried: int = 0
    fit: int = 0
    chance: float = 0.0
    observed: float = 0.0
    fits: tuple[str, ...] = ()
    ratios: tuple[float, ...] = ()
    window: tuple[float, float] = (0.0, 0.0)
    chance_likely: bool = False
    misprint: bool = False

    @property
    def words(self) -> str:
        """The explanation, and first what weakens it."""
        return CHANCE * self.chance_likely + MISPRINT * self.misprint + self.explanation


def judge(
    identity: str,
    where: str,
    quantity: str,
    printed: str,
    computed: float,
    guesses: Iterable[Guess] = (),
    unit: float = 1,
    coarse: float = 0,
    reading: bool = False,
) -> Row:
    """Compare `computed / unit` with the digits of `printed`. Where they differ, try each guess.

    The printed number holds if the computed one rounds to it, to nearest or cut, at its last decimal. With
    `coarse` > 0 an integer's closing zeros are rounding too, up to that share of it. A `reading` from a drawing
    holds within 0.1 and a thousandth.
    """
    value, number = computed / unit, float(printed)
    how = agreement(printed, value, coarse, reading)
    verdict = "exact" if how == "exact" else "rounds to"
    hypotheses: list[Guess] = []
    fits: list[Guess] = []
    explanation = "" if how in ("exact", "nearest") else str(how)
    if how is None:
        verdict, hypotheses = "differs", list(guesses)
        fits = [guess for guess in hypotheses if agreement(printed, guess[1] / unit, coarse, reading)]
        explanation = "; or ".join(f"{label}: {given / unit:.6g}" for label, given in fits[:2]) or NOT_EXPLAINED
    ratio = number / value if value else math.nan
    found = (number, round(value, 6), round(ratio, 4), verdict, explanation)
    chance = len(hypotheses) * agreeing(printed, coarse, reading)
    return Row(
        identity,
        where,
        quantity,
        *found,
        len(hypotheses),
        len(fits),
        round(chance, 4),
        fits=tuple(label for label, _ in fits),
        ratios=tuple(given / computed for _, given in hypotheses) if computed else (),
        window=window(printed, coarse, reading),
    )


def window(printed: str, coarse: float = 0, reading: bool = False) -> tuple[float, float]:
    """From where to where values agree with the printed number, above 0."""
    decimals = len(printed.partition(".")[2]) if not printed.endswith(".0") else 0
    number, step = float(printed), 10.0**-decimals
    below, above = 0.5 * step, step  # rounded to nearest, cut
    if reading:
        below, above = (max(side, 0.1 + 0.001 * number) for side in (below, above))
    if not decimals:
        around = min(coarse * number, 0.5 * 10.0 ** (len(printed) - len(printed.rstrip("0"))))
        below, above = max(below, around), max(above, around)
    return number - below, number + above


def agreeing(printed: str, coarse: float = 0, reading: bool = False) -> float:
    """Share of the logarithms between half and twice the printed number whose values agree with it."""
    low, high = window(printed, coarse, reading)
    return min(1.0, (high - low) / float(printed) / math.log(4)) if float(printed) else 0.0


def agreement(printed: str, value: float, coarse: float = 0, reading: bool = False) -> str | None:
    """How `value` agrees with the digits printed: "exact", "nearest", "cut", to fewer digits, or not at all."""
    whole, _, decimals = printed.partition(".")
    decimals = "" if decimals == "0" else decimals  # a whole number that a table of decimals turned into 300.0
    number, step = float(printed), 10.0 ** -len(decimals)
    if value == number:
        return "exact"
    if math.floor(value / step + 0.5) == round(number / step):
        return "nearest"
    if math.floor(value / step + 1e-9) == round(number / step):
        return "cut, not rounded"
    twice = math.floor(value / step * 10 + 0.5) / 10
    if math.floor(twice + 0.5) == round(number / step):
        return f"rounded twice, first to {twice * step:g}"
    if reading and abs(value - number) <= 0.1 + 0.001 * number:
        return "within 0.1 and a thousandth, the precision of the reading"
    zeros = len(whole) - len(whole.rstrip("0"))
    if not decimals and zeros and abs(value / number - 1) <= coarse:
        digits = len(whole) - zeros
        if round(value, -zeros) == number:
            return f"to {digits} digit{'s' if digits > 1 else ''}"
    return None
