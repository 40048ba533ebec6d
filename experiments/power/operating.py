"""Operating characteristics of rules: how often each verdict comes under stated truths, at stored runs' spread."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.render.table import Table
from analysis.stats import Runs, all_of, contrast, judge_together
from analysis.stats.boundaries import GroupSequential
from analysis.stats.samples import finished
from analysis.stats.sequential import checked, play, summaries
from analysis.trials import Record
from experiments.answers.looks import design_of, parts_of, reads_of
from experiments.claims.ablations import CLAIMS, INTERESTS
from experiments.claims.proposals import PROPOSALS, between
from experiments.power.pilots import runs_of, spread, spread_at
from experiments.power.simulated import claimed
from experiments.power.truths import INTEREST, NONE, OWN, PUBLISHED, means, published
from experiments.studies.registry import find_study

MOST_WRONG, LEAST_RIGHT = 5.0, 80.0
"""Percent: what a rule may do and must do, at no effect and at the effect of interest."""


@dataclass(frozen=True)
class Shares:
    """How often a claim is supported, contradicted and undecided, in percent."""

    supported: float
    contradicted: float
    undecided: float

    def wrong(self, truth: str) -> float | None:
        """The share of the verdict that is false under a truth. None where neither is."""
        return {NONE: self.supported, INTEREST: self.contradicted, PUBLISHED: self.contradicted}.get(truth)


def rules_table(records: Iterable[Record], studies: int = 4000) -> Table:
    """The registered rules of every study with a fixed number of seeds, judged together as its answer judges them."""
    records, rows = list(records), []
    for name in dict.fromkeys(claim.study for claim in CLAIMS if not find_study(claim.study).looks):
        study, claims = find_study(name), [claim for claim in CLAIMS if claim.study == name]
        pilot = runs_of(study, records)
        arms = list(dict.fromkeys(arm for claim in claims for part in claim.parts for arm in part.weights))
        sds = _spreads(pilot, arms, bool(study.readings))
        parts = [(claim.id, part.title, part.weights, part.rule) for claim in claims for part in claim.parts]
        for truth in (NONE, INTEREST, PUBLISHED, *OWN.get(name, {})):
            centre = means(truth, name, parts, arms)
            if centre is None or any(math.isnan(sd) for sd in sds):
                continue
            found = _registered(name, arms, centre, sds, len(study.seeds), studies)
            for claim, shares in found.items():
                if truth == PUBLISHED and claim not in ("linear-bottleneck", "shortcut-placement"):
                    continue
                numbers = (shares.supported, shares.contradicted, shares.undecided, shares.wrong(truth))
                rows.append((claim, name, study.recipe, len(study.seeds), max(sds), truth, *numbers))
    columns = (
        "claim",
        "study",
        "recipe",
        "seeds",
        "sd",
        "truth",
        "supported %",
        "contradicted %",
        "undecided %",
        "wrong %",
    )
    notes = (
        f"{studies:,} simulated studies a line, normal accuracies, judged by the registered rules with all claims of "
        "a study together, each at the same kind of truth. sd: pooled over the study's stored arms, with several "
        "readings the largest of what a run loses at a precision. No effect: 0, or the margin where curves are to be "
        "nearly identical. Effect of interest: twice what counts as none, or the least of the claimed size. Wrong: "
        "supported without an effect, contradicted with one.",
    )
    return Table("What the registered rules say under stated truths", columns, rows, notes, digits=1)


def looks_table(records: Iterable[Record], studies: int = 4000) -> Table:
    """The rules by which studies are judged in looks, those of a study together: the proposed ones, and the registered
    ones of studies whose seeds come in looks."""
    records, rows = list(records), []
    looked = [claim.study for claim in CLAIMS if find_study(claim.study).looks]
    for name in dict.fromkeys([*looked, *(proposal.study for proposal in PROPOSALS)]):
        study = find_study(name)
        design = design_of(study) if study.looks else GroupSequential()
        asked, reads = [each for each in parts_of(study) if each.registered], reads_of(study)
        pilot = runs_of(study, records)
        pilot |= between(pilot, reads)
        arms = list(dict.fromkeys(arm for each in asked for part in each.parts for arm in part.weights))
        sds = np.array([spread({"": pilot[arm]}) for arm in arms])
        if not reads:
            planned = INTERESTS.get(name) and spread_at(records, study.training().epochs)
            sds = np.full(len(arms), planned or spread({arm: pilot[arm] for arm in arms}))
        if np.isnan(sds).any():
            continue
        every = [part for each in asked for part in each.parts]
        parts = [(each.claim, part.title, part.weights, part.rule) for each in asked for part in each.parts]
        for truth in (NONE, INTEREST, *([PUBLISHED] if study.looks else [])):
            if (centre := means(truth, name if study.looks else "", parts, arms)) is None:
                continue
            values = centre[:, None] + sds[:, None] * _noise((studies, len(arms), design.looks[-1]))
            played = play(design, checked(every, arms), summaries(values, design.looks))
            found, at = claimed(played.shown, [part.rule for part in every]), 0
            for each in asked:
                title = each.claim or each.parts[0].title
                mine = slice(at, at := at + len(each.parts))
                if truth == PUBLISHED and published(each.claim, each.parts[0].title) is None:
                    continue
                shares = _combined(found[:, mine], each.needs)
                used = [arm for arm in arms if any(part.weights.get(arm) for part in each.parts)]
                seeds = np.take(design.looks, played.look[:, mine]).max(1)
                numbers = (shares.supported, shares.contradicted, shares.undecided, shares.wrong(truth))
                cost = (float(np.median(seeds)), float(seeds.mean()), len(used))
                rows.append((title, name, study.recipe, design.looks[-1], float(sds.max()), truth, *numbers, *cost))
    columns = (
        "claim", "study", "recipe", "most seeds", "sd", "truth", "supported %", "contradicted %", "undecided %",
        "wrong %", "median seeds", "mean seeds", "arms",
    )  # fmt: skip
    notes = (
        f"{studies:,} simulated studies a line, normal accuracies, seeds in looks, at most so many of each arm "
        "(Pocock-like spending of 5 %, moderated variances, parts of a study together). sd as in the table of the "
        "registered rules. Of studies of a budget: pooled over stored arms after as many epochs at another rate, and "
        "between and beyond these budgets by a power of the epochs. A rule may be used where it is wrong at most 5 % "
        "of the time and supports at least 80 % of the time at the effect of interest.",
    )
    return Table("What rules that are judged in looks say under stated truths", columns, rows, notes, digits=1)


def fit(rows: Iterable[tuple[Any, ...]]) -> dict[str, bool]:
    """Whether each proposal of the table's rows is wrong rarely enough and right often enough."""
    found: dict[str, bool] = {}
    for name, _, _, _, _, truth, supported, _, _, wrong, *_ in rows:
        good = wrong <= MOST_WRONG + 100 * 2 * math.sqrt(0.05 * 0.95 / 4000) and (
            truth == NONE or supported >= LEAST_RIGHT
        )
        found[name] = found.get(name, True) and bool(good)
    return found


def _registered(
    study: str, arms: list[str], centre: NDArray[Any], sds: list[float], seeds: int, studies: int
) -> dict[str, Shares]:
    """Shares of each claim of a study by the code that judges it, at `seeds` paired runs an arm."""
    claims = [claim for claim in CLAIMS if claim.study == study]
    parts = [part for claim in claims for part in claim.parts]
    draws = (60 + centre[:, None] + np.reshape(sds, (-1, 1)) * _noise((studies, len(arms), seeds))).tolist()
    words: dict[str, list[str]] = {claim.id: [] for claim in claims}
    for draw in draws:
        runs = {name: dict(enumerate(row)) for name, row in zip(arms, draw, strict=True)}
        cases = [
            (part.rule, contrast([runs[arm] for arm in part.weights], list(part.weights.values()))) for part in parts
        ]
        judgements = iter(judge_together(cases))
        for claim in claims:
            words[claim.id].append(all_of([next(judgements) for _ in claim.parts]).finding)
    return {name: _shares(found) for name, found in words.items()}


def _spreads(pilot: Mapping[str, Runs], arms: list[str], readings: bool) -> list[float]:
    """What each arm varies by: the pooled spread, or with readings what a run loses against its first one.

    What the readings of a run share cancels in every contrast of theirs.
    """
    if not readings:
        return [spread({arm: pilot[arm] for arm in arms})] * len(arms)
    sds = []
    for arm in arms:
        network = arm.rpartition(", ")[0]
        first = finished(pilot[next(each for each in arms if each.rpartition(", ")[0] == network)])
        mine = finished(pilot[arm])
        sds.append(spread({"": {seed: first[seed] - mine[seed] for seed in mine if seed in first}}))
    return sds


def _combined(found: NDArray[Any], needs: str) -> Shares:
    """Shares of a claim from the findings of its parts (studies, parts), each 1, -1 or 0."""
    if needs == "every":
        against, for_it = (found == -1).any(1), (found == 1).all(1)
    else:
        against = (found == -1).all(1)
        for_it = (found == 1).any(1)
    return Shares(*(100 * float(each.mean()) for each in (for_it, against, ~(for_it | against))))


def _shares(words: list[str]) -> Shares:
    counts = [100 * words.count(word) / len(words) for word in ("supported", "contradicted", "undecided")]
    return Shares(*counts)


def _noise(shape: tuple[int, ...]) -> NDArray[Any]:
    return np.random.default_rng(2018).standard_normal(shape)
