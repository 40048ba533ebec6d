"""The comparison of the backends as a table and verdicts."""

from collections.abc import Mapping
from dataclasses import replace

from analysis.render.table import Table
from analysis.stats import Judgement, equivalence, finished, mean_interval, verdict
from experiments.answers.answer import Answer
from experiments.claims.evidence import Evidence
from experiments.measurements.backends.rows import Compared
from experiments.measurements.backends.rule import BACKENDS, EFFECTS, KNOWN, MEAN, STUDY, effects, judge


def answer(compared: Compared) -> Answer:
    """A table, and the verdicts on arms and effects that have run with all their seeds. On the mean once all have."""
    found, where = judge(compared.runs), compared.conditions
    judged = {arm: each for arm, each in found.items() if arm not in compared.lacking and arm != MEAN}
    if not compared.lacking:
        judged[MEAN] = found[MEAN]
    more = effects(compared.runs)
    ready = {name: each for name, each in more.items() if not set(EFFECTS[name]) & set(compared.lacking)}
    return Answer(
        f"{compared.kind}-{where.dataset}-{where.recipe.name}",
        {"": table(compared, {**found, **more})},
        verdicts=[verdict(f"{compared.kind}-{arm.replace(' ', '-')}", where.text, each) for arm, each in judged.items()]
        + [
            replace(verdict(f"{compared.kind}-{_slug(name)}", where.text, each), analysis=KNOWN)
            for name, each in ready.items()
        ],
        evidence=Evidence("measurement:backends", where.dataset, where.recipe.name, where.recipe.epochs),
    )


def _slug(effect: str) -> str:
    return effect.replace(" - ", "-minus-").replace(" ", "-")


def table(compared: Compared, found: Mapping[str, Judgement]) -> Table:
    """A row an arm or effect: accuracies with both backends, their difference, whether it is shown to be small."""
    columns = ("arm", "n", "fused %", "sd", "eager %", "sd", "fused - eager", "from", "to", "margin", "p", "finding")
    runs, lacking, rows = compared.runs, compared.lacking, []
    for name, judgement in found.items():
        accuracies = []
        for backend in BACKENDS:
            e = mean_interval(finished(runs[name][backend]).values()) if name in runs else None
            accuracies += [e.mean, e.sd] if e else [None, None]
        d, margin = judgement.difference, judgement.rule.margin
        small = equivalence(d, margin)
        early = set(EFFECTS.get(name, [name] if name in runs else lacking)) & set(lacking)
        finding = "not judged yet" if early else judgement.finding
        rows.append((name, d.n, *accuracies, d.mean, small.low, small.high, margin, small.p, finding))
    notes = (
        f"{compared.conditions.text}. Command: `mnv2 backends`. Differences in points, paired by seed, with the 90 % t "
        "interval that two one-sided tests at 5 % look at; `p` is theirs. A difference within its margin counts as "
        "none. Effects are differences of two arms, unpaired (Welch), by a rule that was written when the runs were "
        "known.",
        *(f"Runs planned of {name}: {count}." for name, count in lacking.items()),
    )
    title = (
        STUDY.question
        if compared.products == "float32"
        else f"{STUDY.question} Those that multiply {compared.products}"
    )
    return Table(title, columns, rows, notes)
