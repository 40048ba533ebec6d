"""How gaps judge two sentences. Both rules were written when the numbers that they judge were known (KNOWN).

`linear-bottleneck-size`: "several percent" is read as 2 to 10 points, as the registered rules of the studies read it.
It is judged by the paper's own Figure 6a: the mean gap over the last million steps lies in that range, or not. One run
a curve has no interval.

`expansion-above-one`: at equal multiply-adds the accuracy of t = 6 minus that of t = 1 is above 0, by Welch's t test at
5 %. Shown to be within a point counts as none. Each budget is judged apart, and the largest counts.
"""

from analysis.stats import Rule, Verdict, judge, verdict
from experiments.measurements.effects.rows import Measured, Ours, early, late

SIZE, ABOVE = "linear-bottleneck-size", "expansion-above-one"
CLAIMS = (SIZE, ABOVE)
KNOWN = "rule written when the runs were known"
SEVERAL = (2.0, 10.0)
RULE = Rule(">", negligible=1.0, interest=1.0)
GAP = "linear - relu6"


def several(measured: Measured) -> Verdict:
    """The verdict on "several percent", by the end of the paper's own curves."""
    gap = measured.published[GAP]
    ours = "; ".join(
        f"{each.difference.mean:.1f} [{each.difference.low:.1f}, {each.difference.high:.1f}] after {_epochs(each)}"
        for each in measured.ours
        if each.name == GAP
    )
    least, most = SEVERAL
    return Verdict(
        SIZE,
        "supported" if least <= late(gap) <= most else "contradicted",
        f"Figure 6a, mean of the last million of {gap[-1][0]:g} million steps",
        effect=late(gap),
        n=1,
        why=f"the curves lie {early(gap):.2f} points apart at {gap[0][0]:g} million steps and {late(gap):.2f} at "
        f"{gap[-1][0]:g}, where {least:g} to {most:g} are claimed. Here {ours}",
        analysis=f"published curves, one run each; {KNOWN}",
    )


def above_one(ours: Ours) -> Verdict:
    """The verdict on expansion above 1 at one budget."""
    made = verdict(ABOVE, f"{ours.difference.title}; {ours.where}", judge(RULE, ours.difference))
    return Verdict(**{**vars(made), "analysis": f"Welch's t test, 95 % interval; {KNOWN}"})


def _epochs(ours: Ours) -> str:
    return f"{ours.epochs} epoch{'s' if ours.epochs > 1 else ''}"
