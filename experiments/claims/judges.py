"""Who judges a claim: the names in `judged_by` of claims.yaml, and what each name means."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.reference import claims
from experiments.audit.judge import Row
from experiments.claims.ablations import CLAIMS
from experiments.measurements.registry import MEASUREMENTS
from experiments.studies.registry import STUDIES, find_study

KINDS = ("study", "measurement", "audit", "published")


@dataclass(frozen=True)
class Judge:
    """A name of a judge, "KIND:NAME", in its parts. Of the audit, `name` is beginnings of ids of its rows."""

    kind: str
    name: str

    @classmethod
    def of(cls, text: str) -> "Judge":
        """The judge of a whole name."""
        return cls(*text.partition(":")[::2])

    @property
    def text(self) -> str:
        """The whole name."""
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @property
    def command(self) -> str:
        """What makes the judge decide, "" where nothing does."""
        if self.kind == "study":
            return f"mnv2 study run {self.name}"
        if self.kind == "measurement":
            return MEASUREMENTS[self.name].command
        return "mnv2 audit" if self.kind == "audit" else ""

    @property
    def epochs(self) -> int:
        """How long its networks train, 0 where none does."""
        return find_study(self.name).training().epochs if self.kind == "study" else 0

    def numbers(self, rows: Iterable[Row]) -> list[Row]:
        """The rows of the audit that it judges by. Other judges have none."""
        if self.kind != "audit":
            return []
        return [row for row in rows if row.id.startswith(tuple(self.name.split(",")))]

    def missing(self, claim: str, rows: Iterable[Row]) -> str:
        """What it lacks to judge a claim: the study, the measurement, a rule, a row. "" where it lacks nothing."""
        if self.kind == "study":
            if self.name not in STUDIES:
                return f"there is no study {self.name}"
            ruled = any((rule.id, rule.study) == (claim, self.name) for rule in CLAIMS)
            return "" if ruled else f"study {self.name} has no rule for {claim}"
        if self.kind == "measurement":
            if self.name not in MEASUREMENTS:
                return f"there is no measurement {self.name}"
            ruled = claim in MEASUREMENTS[self.name].claims
            return "" if ruled else f"measurement {self.name} has no rule for {claim}"
        if self.kind == "audit":
            each = [Judge("audit", prefix) for prefix in self.name.split(",")]
            lacking = [judge.name for judge in each if not judge.numbers(rows)]
            return f"no number of the audit begins with {' or '.join(lacking)}" if lacking else ""
        return "" if self.text == "published" else f"no judge is called {self.text}"


def judges(claim: str) -> list[Judge]:
    """The judges of a claim, the one that decides first."""
    return [Judge.of(each) for each in claims()[claim]["judged_by"]]
