"""Does a study repeat? Its finished seeds drawn in random order, judged each time by the design with looks."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.problem import Problem
from analysis.render.table import Table
from analysis.stats import Runs
from analysis.stats.boundaries import GroupSequential
from analysis.stats.following import follow
from analysis.stats.moderated import Spread, difference
from analysis.stats.rules import Finding
from analysis.stats.sequential import Part, checked, play, summaries
from analysis.trials import Record
from experiments.answers.looks import parts_of
from experiments.power.pilots import runs_of
from experiments.power.simulated import claimed
from experiments.studies.registry import find_study


@dataclass(frozen=True)
class Repeats:
    """What drawing the seeds of a study again and again gives.

    - `full`: finding of each part from all seeds at once, by title. `effects`: effect, low, high of each.
    - `same`: share of draws in which every part ends as in `full`. `by_part`: share by part.
    - `against`: share of draws in which a part ends contradicted that all seeds support, or the other way round.
    - `median_seeds`: of the arm that used most. `median_trials`: of all arms. `trials`: of each draw.
    - `findings`: how often the parts ended how, in their order.
    """

    draws: int
    seeds: int
    full: Mapping[str, Finding]
    effects: Mapping[str, tuple[float, float, float]]
    same: float
    by_part: Mapping[str, float]
    against: float
    median_seeds: float
    median_trials: float
    trials: tuple[int, ...]
    findings: Mapping[tuple[int, ...], int]


def parts(study: str) -> tuple[Part, ...]:
    """What a study decides, as the design with looks takes it."""
    return tuple(part for asked in parts_of(find_study(study)) for part in asked.parts)


def repeats(
    parts: Sequence[Part],
    arms: Mapping[str, Runs],
    draws: int = 200,
    design: GroupSequential | None = None,
    seed: int = 0,
    spread: Spread = "moderated",
) -> Repeats:
    """Judge `draws` random orders of the seeds that all arms have finished.

    Each arm takes the seeds in an order of its own, so that the baseline does not meet the same partners again. A
    design that wants more seeds than there are ends at all of them. All seeds at once are judged with one look.

    Raises:
        Problem: fewer seeds in common than the first look wants.
    """
    names = [name for name in arms if any(part.weights.get(name) for part in parts)]
    values = [np.array([v for _, v in sorted(arms[name].items()) if v is not None]) for name in names]
    count = min(map(len, values), default=0)
    wanted = design or GroupSequential()
    if count < wanted.looks[0]:
        raise Problem(f"{count} finished seeds of each arm: the first look wants {wanted.looks[0]}")
    wanted = wanted.upto(min(count, wanted.looks[-1]))
    whole = {name: dict(enumerate(row[:count].tolist())) for name, row in zip(names, values, strict=True)}
    once = follow(GroupSequential((count,), wanted.alpha), parts, whole, range(count), spread).outcomes
    effects = [difference(whole, part.weights, spread) for part in parts]
    generator = np.random.default_rng(seed)
    drawn = np.stack([[generator.permutation(row[:count])[: wanted.looks[-1]] for row in values] for _ in range(draws)])
    played = play(wanted, checked(parts, names), summaries(drawn, wanted.looks), spread)
    found = claimed(played.shown, [part.rule for part in parts])
    truth = np.array([{"supported": 1, "contradicted": -1, "undecided": 0}[each.finding] for each in once])
    agree, trials = found == truth, played.runs.sum(1)
    return Repeats(
        draws,
        count,
        {part.title: each.finding for part, each in zip(parts, once, strict=True)},
        {part.title: (d.mean, d.low, d.high) for part, d in zip(parts, effects, strict=True)},
        float(agree.all(1).mean()),
        {part.title: float(share) for part, share in zip(parts, agree.mean(0), strict=True)},
        float((found * truth == -1).any(1).mean()),
        float(np.median(played.runs.max(1))),
        float(np.median(trials)),
        tuple(trials.tolist()),
        Counter(tuple(row) for row in found.tolist()),
    )


def repeats_table(records: Iterable[Record], study: str = "headline", draws: int = 1000) -> Table:
    """Whether a study's verdicts repeat, from all its finished seeds in `records`: a row for each part.

    Raises:
        Problem: fewer seeds in common than the first look wants.
    """
    found = repeats(parts(study), runs_of(find_study(study), records), draws)
    rows = [
        (title, found.seeds, *found.effects[title], finding, 100 * found.by_part[title])
        for title, finding in found.full.items()
    ]
    columns = ("part", "seeds", "difference", "from", "to", "verdict of all seeds", "same in draws %")
    notes = (
        f"{found.draws:,} random orders of {found.seeds} seeds of each arm, drawn for each arm apart, judged by the "
        f"design with looks. All parts as with all seeds: {100 * found.same:.1f} % of draws, the opposite in "
        f"{100 * found.against:.1f} %. Median: {found.median_trials:g} trials, {found.median_seeds:g} seeds of the arm "
        f"that used most, where a fixed five seeds are {5 * len(find_study(study).arms)} trials. 95 % intervals of all "
        "seeds, moderated variances.",
    )
    return Table(f"Does {study} repeat?", columns, rows, notes)
