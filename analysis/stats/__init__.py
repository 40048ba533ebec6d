"""Statistics over seeds: intervals, paired differences, power, Pareto fronts, rules and verdicts.

Plain numbers go in, frozen values come out. Neither scipy nor numpy is imported before something is computed.
"""

from analysis.stats.differences import (
    Difference,
    contrast,
    interaction,
    paired_difference,
    slope,
    welch_difference,
)
from analysis.stats.intervals import Estimate, mean_interval, sd_interval
from analysis.stats.judgements import Judgement, judge, judge_together
from analysis.stats.margins import Equivalence, equivalence
from analysis.stats.multiple import holm, simultaneous_level
from analysis.stats.pareto import Candidate, Placement, pareto_front
from analysis.stats.power import (
    detection_power,
    equivalence_power,
    seeds_for_equivalence,
    seeds_needed,
    smallest_detectable,
)
from analysis.stats.ranks import RankCorrelation, rank_correlation
from analysis.stats.rules import Finding, Rule
from analysis.stats.samples import Runs, diverged, finished
from analysis.stats.verdicts import Verdict, all_of, verdict

__all__ = [
    "Candidate",
    "Difference",
    "Equivalence",
    "Estimate",
    "Finding",
    "Judgement",
    "Placement",
    "RankCorrelation",
    "Rule",
    "Runs",
    "Verdict",
    "all_of",
    "contrast",
    "detection_power",
    "diverged",
    "equivalence",
    "equivalence_power",
    "finished",
    "holm",
    "interaction",
    "judge",
    "judge_together",
    "mean_interval",
    "paired_difference",
    "pareto_front",
    "rank_correlation",
    "sd_interval",
    "seeds_for_equivalence",
    "seeds_needed",
    "simultaneous_level",
    "slope",
    "smallest_detectable",
    "verdict",
    "welch_difference",
]
