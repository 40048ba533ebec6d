"""Claims of the paper that trained networks decide, each with the rule that judges it.

The rules are fixed here before the runs that they judge; the history of this file shows it. An effect is a
difference of mean test accuracies, in points, paired by seed; it is judged at 5 % with its 95 % t interval.
"""

from dataclasses import dataclass

from analysis.stats import Rule


@dataclass(frozen=True)
class Claim:
    """A statement of the paper, the two arms of a study whose difference it is about, and the rule for it.

    `effect` is accuracy of `better` minus accuracy of `worse`, as the claim would have it.
    """

    id: str
    section: str
    statement: str
    study: str
    better: str
    worse: str
    rule: Rule


CLAIMS = (
    Claim(
        id="linear-bottleneck",
        section="3.2, 6.4, Fig. 6a",
        statement="A non-linearity behind the projection hurts accuracy, by several percent.",
        study="linear-bottleneck",
        better="linear",
        worse="relu6",
        # Half a point is what chance alone separates two runs by; "several percent" is read as 2 to 10 points.
        rule=Rule(">", negligible=0.5, size=(2.0, 10.0)),
    ),
)
