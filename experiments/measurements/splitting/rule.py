"""When does splitting further cost time? The rule for `memory-split-speed`, fixed before it was measured.

MobileNetV2 at 224, one image, one thread, norms folded, every block that splits split g ways, in interleaved rounds. A
round's difference is 100 ln(time at g / time at 5 ways), in percent to first order. Five ends the claim's "small
number of ways (2 to 5)". Three differences, at 8, 16 and 32 ways, are judged together at 5 % (Holm), each over at least
20 rounds. One that is shown to be within 2 percent either way counts as none. The claim is supported where all three
are above 0, contradicted where one is shown to be below or none, undecided otherwise. Its cause, cache misses, is not
judged: other overheads grow with g too.

The rule for `memory-split-efficiency` was written when the stored measurement was known (KNOWN). Of the speed unsplit,
5 ways are to keep more than half, by the 95 % t interval over rounds. The claim is supported where the interval lies
above half, contradicted where it lies below.
"""

from collections.abc import Mapping, Sequence
from math import exp, log

from analysis.problem import Problem
from analysis.stats import Difference, Rule, Verdict, all_of, contrast, judge_together, verdict

CLAIM = "memory-split-speed"
EFFICIENCY = "memory-split-efficiency"
CLAIMS = (CLAIM, EFFICIENCY)
KNOWN = "rule written when the stored measurement was known: share of the speed kept, 95 % t interval over rounds"
MOST = 0.5
SMALL = 5
FURTHER = (8, 16, 32)
ROUNDS = 20
RULE = Rule(">", negligible=2.0)


def slower(times: Mapping[int, Sequence[float]], ways: int, than: int) -> Difference:
    """100 ln(time at `ways` / time at `than`), paired by round. `times`: ways -> the time of each round.

    Raises:
        Problem: the two have not the same rounds.
    """
    if len(times[ways]) != len(times[than]):
        raise Problem(f"{ways} and {than} ways were not measured in the same rounds")
    runs = [{i: 100 * log(time) for i, time in enumerate(times[g])} for g in (ways, than)]
    return contrast(runs, [1.0, -1.0], title=f"{ways} ways - {than} ways")


def judge(times: Mapping[int, Sequence[float]], where: str) -> Verdict:
    """The verdict from the times of each round.

    Raises:
        Problem: fewer rounds than the rule wants.
    """
    if min(len(times[g]) for g in (SMALL, *FURTHER)) < ROUNDS:
        raise Problem(f"the rule is for {ROUNDS} rounds or more")
    return verdict(CLAIM, where, all_of(judge_together([(RULE, slower(times, g, SMALL)) for g in FURTHER])))


def efficiency(times: Mapping[int, Sequence[float]], where: str) -> Verdict:
    """The verdict on what 5 ways keep of the speed, with the share kept as its effect.

    Raises:
        Problem: fewer rounds than the rules want.
    """
    if min(len(times[g]) for g in (1, SMALL)) < ROUNDS:
        raise Problem(f"the rule is for {ROUNDS} rounds or more")
    found = {g: slower(times, g, 1) for g in times if g > 1}
    low, mean, high = (exp(-value / 100) for value in (found[SMALL].high, found[SMALL].mean, found[SMALL].low))
    why = "kept of the speed: " + ", ".join(f"{exp(-d.mean / 100):.0%} at {g} ways" for g, d in found.items())
    word = "supported" if low > MOST else "contradicted" if high < MOST else "undecided"
    needs = "more rounds" if word == "undecided" else ""
    return Verdict(EFFICIENCY, word, where, mean, low, high, found[SMALL].n, why=why, needs=needs, analysis=KNOWN)
