"""A printed number against a computed one, and the search for what would reproduce it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

Guess = tuple[str, float]  # what was done differently, and what that gives


@dataclass(frozen=True)
class Row:
    """One printed number. `verdict`: "exact", "rounds to" or "differs".

    When it differs: `tried` hypotheses, of which `fit` agree with it; `chance` is how many would if they were wrong
    and spread evenly in their logarithm between half and twice the printed number.
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
    """Compare `computed / unit` with the digits of `printed`; if they differ, try each guess.

    The printed number holds if the computed one rounds to it, to nearest or cut, at its last decimal. With
    `coarse` > 0 an integer's closing zeros are rounding too, up to that share of it. A `reading` from a drawing
    holds within 0.1 and a thousandth.
    """
    value, number = computed / unit, float(printed)
    how = agreement(printed, value, coarse, reading)
    verdict = "exact" if how == "exact" else "rounds to"
    hypotheses: list[Guess] = []
    fits: list[str] = []
    explanation = "" if how in ("exact", "nearest") else str(how)
    if how is None:
        verdict, hypotheses = "differs", list(guesses)
        fits = [
            f"{label}: {given / unit:.6g}"
            for label, given in hypotheses
            if agreement(printed, given / unit, coarse, reading)
        ]
        explanation = "; or ".join(fits[:2]) or "not explained"
    ratio = number / value if value else math.nan
    found = (number, round(value, 6), round(ratio, 4), verdict, explanation)
    chance = len(hypotheses) * agreeing(printed, coarse, reading)
    return Row(identity, where, quantity, *found, len(hypotheses), len(fits), round(chance, 4))


def agreeing(printed: str, coarse: float = 0, reading: bool = False) -> float:
    """Share of the logarithms between half and twice the printed number whose values agree with it."""
    decimals = len(printed.partition(".")[2]) if not printed.endswith(".0") else 0
    number = abs(float(printed))
    if number == 0:
        return 0.0
    width = 1.5 * 10.0**-decimals / number  # from half a step below, to nearest, to a step above, cut
    if reading:
        width = max(width, 2 * (0.1 / number + 0.001))
    if not decimals:
        zeros = len(printed) - len(printed.rstrip("0"))
        width = max(width, min(2 * coarse, 10.0**zeros / number))
    return min(1.0, width / math.log(4))


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
