"""Numbers in docs/limits.md and docs/conventions.md are those of the stored runs and of committed tables."""

import csv
import re
from itertools import combinations
from pathlib import Path
from statistics import fmean

import pytest

from analysis.tasks.recipes import RECIPES
from analysis.trials import Store

ROOT = Path(__file__).parent.parent
LIMITS, CONVENTIONS = (
    " ".join((ROOT / "docs" / f"{name}.md").read_text().split()) for name in ("limits", "conventions")
)


def rows(table):
    return list(csv.DictReader((ROOT / "results" / "tables" / f"{table}.csv").open()))


def pairing(recipe):
    """The row of the copy of the data set with most arms."""
    return max((row for row in rows("power-pairing") if row["recipe"] == recipe), key=lambda row: int(row["arms"]))


def test_chance_separates_two_runs_of_one_arm_by_what_the_page_says():
    found = {}
    for record in Store(ROOT / "results" / "trials").records()[0]:
        if record.status == "finished" and record.trial.dataset == "cifar10":
            key = (record.trial.recipe, record.trial.variant, record.trial.digest)
            found.setdefault(key, []).append(record.score)
    apart = {
        name: fmean(
            fmean(abs(a - b) for a, b in combinations(scores, 2))
            for (text, *_), scores in found.items()
            if text == RECIPES[name].text and len(scores) >= 3
        )
        for name in ("brief", "short")
    }
    said = f"by {apart['brief']:.1f} points on average at one epoch, and by {apart['short']:.1f} at ten"
    assert said in LIMITS


def test_how_often_the_headline_repeats_is_what_the_table_says():
    note = (ROOT / "results" / "tables" / "power-repeats.md").read_text()
    draws, seeds, share, trials = (
        re.findall(each, note)[0]
        for each in (
            r"([\d,]+) random orders",
            r"orders of (\d+) seeds",
            r"with all seeds: ([\d.]+) % of draws",
            r"Median: (\d+) trials",
        )
    )
    assert f"drawn {draws} times in random order from {seeds} of each arm" in LIMITS
    assert f"the verdict of all of them in {share} % of draws, with {trials} trials in the median" in LIMITS


@pytest.mark.parametrize("page", [LIMITS, CONVENTIONS])
def test_correlations_are_those_of_the_table(page):
    brief, short = (pairing(recipe) for recipe in ("brief", "short"))
    assert f"by {float(brief['correlation']):.2f}" in page
    assert f"by {float(short['correlation']):.2f} at ten" in page


def test_what_pairing_buys_is_what_the_table_says():
    brief = pairing("brief")
    assert f"over {brief['arms']} arms" in CONVENTIONS
    assert f"explains {float(brief['seed explains %']):.1f} %" in CONVENTIONS
    widths = [float(brief[name]) for name in ("half width, paired", "Welch", "moderated")]
    assert "{:.2f} points paired, {:.2f} by Welch, and {:.2f} with moderated".format(*widths) in CONVENTIONS


def test_falsely_supported_claims_are_those_that_the_simulation_expects():
    none = [row for row in rows("power-rules") if row["truth"] == "no effect"]
    expected = sum(float(row["supported %"]) for row in none) / 100
    assert f"the {len(none)} registered rules together would be expected to support {expected:.2f} claims" in LIMITS


def test_what_kernels_add_to_effects_is_what_the_tables_say():
    for table, shown in (("backends-bfloat16-cifar10-brief", True), ("backends-cifar10-brief", False)):
        effects = {row["arm"]: row for row in rows(table) if row["arm"].startswith("linear - ")}
        assert len(effects) == 3
        assert all((row["finding"] == "supported") == shown for row in effects.values())
    assert f"they add {float(effects['linear - no shortcut']['fused - eager']):.2f} points to linear - no" in LIMITS
