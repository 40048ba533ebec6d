"""When do two backends train alike? The rules, fixed before the runs.

For each arm the mean difference fused - eager, paired by seed, is to lie within 1.5 points: less than a quarter of what
a ReLU6 in the bottleneck costs here, and about what chance separates two runs by. The mean over the arms, over the
seeds that all have, is to lie within 0.75 points. Both are shown by two one-sided tests at 5 %. As all must hold, none
is corrected. What it does not show: other budgets, and sizes far from this one.

The first comparison (float32) took ten seeds of each arm, which was too few for networks without shortcuts: their
interval was wider than the margin. So the second (bfloat16) takes as many seeds of each arm as show equivalence with
probability 0.8 if the true difference is 0 and the spread is the first comparison's, and no fewer than ten. None of its
fused runs had been made when this was fixed. An arm is judged once all of them have run.

Claims are about differences between arms, so effects are judged too: what the kernels add to linear - relu6, linear -
expansion shortcut and linear - no shortcut. Each is to lie within 1.5 points, by two one-sided tests at 5 % with the
error of Welch over all runs of the four means. This rule was written when the runs were known.
"""

from collections.abc import Mapping

from analysis.stats import Judgement, Rule, Runs, contrast, paired_difference
from analysis.stats import judge as judge_one
from analysis.stats.moderated import difference
from analysis.stats.power import seeds_for_equivalence
from experiments.studies.headline import STUDY as HEADLINE
from experiments.study import Study

BACKENDS = ("fused", "eager")
PRODUCTS = ("float32", "bfloat16")
ARM_MARGIN = 1.5
ARM_RULE = Rule("=", margin=ARM_MARGIN)
MEAN_RULE = Rule("=", margin=0.75)
MEAN = "mean of the arms"
EFFECTS = {f"linear - {worse}": ("linear", worse) for worse in ("relu6", "expansion shortcut", "no shortcut")}
KNOWN = "Welch's error; rule written when the runs were known"
FEWEST = 10
# Standard deviations over ten seeds of fused - eager in the first comparison: its intervals' widths, in points.
SPREAD = {"linear": 0.713, "relu6": 1.829, "expansion shortcut": 1.082, "no shortcut": 2.887}
CLAIMS = ()  # of the paper: none

STUDY = Study(
    name="backends",
    question="Do the fused kernels train as torch's operators do?",
    source="a question about this suite, not about the paper",
    arms=HEADLINE.arms,
    seeds=range(FEWEST),
)

Accuracies = Mapping[str, Mapping[str, Runs]]
"""Arm -> backend -> accuracy by seed."""


def seeds(arm: str, products: str) -> range:
    """The seeds of an arm in the comparison of the kernels that multiply `products`."""
    if products == "float32":
        return range(FEWEST)
    return range(max(FEWEST, seeds_for_equivalence(ARM_MARGIN, SPREAD[arm]) or 0))


def judge(runs: Accuracies) -> dict[str, Judgement]:
    """The judgement of each arm and of their mean."""
    found = {
        arm: judge_one(ARM_RULE, paired_difference(by["fused"], by["eager"], BACKENDS)) for arm, by in runs.items()
    }
    share = 1 / len(runs)
    mean = contrast(
        [by[backend] for by in runs.values() for backend in BACKENDS],
        [share, -share] * len(runs),
        title=f"fused - eager, {MEAN}",
    )
    return {**found, MEAN: judge_one(MEAN_RULE, mean)}


def effects(runs: Accuracies) -> dict[str, Judgement]:
    """The judgement of what the fused kernels add to each effect: (better - worse) fused - (better - worse) eager."""
    found = {}
    for name, (better, worse) in EFFECTS.items():
        arms = {f"{arm}, {backend}": runs[arm][backend] for arm in (better, worse) for backend in BACKENDS}
        signs = dict(zip(arms, (1.0, -1.0, -1.0, 1.0), strict=True))
        found[name] = judge_one(ARM_RULE, difference(arms, signs, spread="welch", title=f"fused - eager of {name}"))
    return found
