"""Verdicts as they are stored: read, put in order, and what each rests on."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

from analysis.problem import Problem
from analysis.stats.power import smallest_detectable
from analysis.tasks.recipes import RECIPES
from experiments.answers.conditions import NAMES, SYNTHETIC
from experiments.claims.ablations import CLAIMS
from experiments.claims.evidence import Evidence
from experiments.claims.judges import Judge
from experiments.studies.registry import STUDIES, find_study

ALPHA = 0.05
REGISTERED = {
    "study": "registered before the runs: paired by seed, 95 % t interval, p by Holm over the parts of the study",
    "measurement": "registered before the measurement",
}


class Stored(NamedTuple):
    """A verdict from a file: its row without the evidence, the evidence, the file's name without its ending."""

    row: dict[str, Any]
    evidence: Evidence
    stem: str

    @property
    def judge(self) -> Judge:
        """Who gave it."""
        return Judge.of(self.evidence.judge)

    @property
    def analysis(self) -> str:
        """How it was analysed."""
        return self.row.get("analysis") or REGISTERED.get(self.judge.kind, "")

    @property
    def budget(self) -> str:
        """What its networks were trained with: "10 epochs of CIFAR-10". Empty where none was trained for it."""
        dataset, epochs = self.evidence.dataset, self.evidence.epochs
        name = NAMES.get(dataset, dataset)
        return f"{epochs} epoch{'s' if epochs > 1 else ''} of {name}" if epochs else ""

    @property
    def unit(self) -> str:
        """Of its effect, as far as it or its recipe says."""
        recipe = RECIPES.get(self.evidence.recipe)
        return self.row.get("unit") or (f"points of {recipe.metric}" if recipe else "")

    @property
    def runs(self) -> frozenset[tuple[str, str, str, bool]]:
        """The runs that it weighs, by variant, recipe and data set, and whether they are of fresh seeds."""
        judge, evidence = self.judge, self.evidence
        if judge.kind != "study" or judge.name not in STUDIES:
            return frozenset()
        study = find_study(judge.name)
        ruled = [claim for claim in CLAIMS if (claim.id, claim.study) == (self.row["id"], judge.name)]
        named = {
            name.rpartition(", ")[0] if study.readings else name for c in ruled for p in c.parts for name in p.weights
        }
        known = {study.arms[name].text for name in named if name in study.arms}
        return frozenset((text, evidence.recipe, evidence.dataset, evidence.fresh) for text in known)

    @property
    def detectable(self) -> float | None:
        """The true effect that its design would have shown with probability 0.8, at the spread of its runs.

        The parts of a study share alpha. None where the verdict has no t interval and does not say.
        """
        if self.row.get("analysis"):
            return self.row.get("shows")
        low, high, n = (self.row[key] for key in ("low", "high", "n"))
        if None in (low, high, n) or n < 2:
            return None
        from scipy.special import stdtrit

        parts = sum(len(claim.parts) for claim in CLAIMS if f"study:{claim.study}" == self.evidence.judge)
        sd = (high - low) / 2 / float(stdtrit(n - 1, 1 - ALPHA / 2)) * math.sqrt(n)
        return smallest_detectable(sd, n, alpha=ALPHA / max(1, parts))


def read_stored(results: Path) -> dict[str, list[Stored]]:
    """Stored verdicts by claim. Those from synthetic images are left out.

    Raises:
        Problem: a file of verdicts that is none.
    """
    found: dict[str, list[Stored]] = {}
    facts = [field.name for field in fields(Evidence)]
    for path in sorted((results / "verdicts").glob("*.json")):
        try:
            for row in json.loads(path.read_text()):
                evidence = Evidence(**{fact: row.pop(fact) for fact in facts})
                if evidence.dataset != SYNTHETIC:
                    found.setdefault(row["id"], []).append(Stored(row, evidence, path.stem))
        except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
            raise Problem(
                f"{path} holds no verdicts of this version ({error}): delete it and run mnv2 report"
            ) from error
    return found


def rank(stored: Stored, named: Sequence[Judge]) -> tuple[int, bool, int, bool, bool, str]:
    """Smaller for what counts more.

    The judges in their order, the study's own data set, the larger budget, the study's own seeds, and a later analysis
    before the one that was registered first.
    """
    evidence, order, judge = stored.evidence, [each.text for each in named], stored.judge
    place = order.index(evidence.judge) if evidence.judge in order else len(order)
    known = judge.kind == "study" and judge.name in STUDIES
    elsewhere = known and find_study(judge.name).dataset != evidence.dataset
    return place, elsewhere, -evidence.epochs, evidence.fresh, not stored.row.get("analysis"), stored.stem


def shared(found: Sequence[Stored]) -> Mapping[int, bool]:
    """Whether the effect of each verdict is one before it again, from the same runs, by its place: these count once.

    Two copies of a data set have one name. The same number from the same arms is from the same runs.
    """
    return {place: any(_same(each, earlier) for earlier in found[:place]) for place, each in enumerate(found)}


def _same(a: Stored, b: Stored) -> bool:
    effects = (a.row["effect"], b.row["effect"])
    return bool(a.runs & b.runs) and None not in effects and math.isclose(*effects, rel_tol=1e-9)
