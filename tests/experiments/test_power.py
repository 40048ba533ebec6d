"""Designs and rules under known truths: small tables, the planted truths themselves, and the registered code."""

import csv
import math

import numpy as np
import pytest

from analysis.problem import Problem
from analysis.reference import table
from analysis.stats import Rule
from analysis.stats.boundaries import GroupSequential
from analysis.stats.sequential import ABOVE, BELOW, OPEN, SMALL, Part
from analysis.trials import Record, Trial
from experiments.claims.ablations import CLAIMS
from experiments.claims.operating import Shares, _combined, fit, lost, proposals_table, rules_table
from experiments.claims.pilots import pairing_table, runs_of, spread
from experiments.claims.power import DESIGNS, TRUTHS, designs_table, write
from experiments.claims.proposals import PROPOSALS
from experiments.claims.repeats import parts_of, repeats, repeats_table
from experiments.claims.simulated import NOISES, arm_means, claimed, line, noise, wrong
from experiments.claims.truths import INTEREST, NONE, OWN, PUBLISHED, figure6, means, published
from experiments.studies.registry import find_study

SMALL_COUNT = 200


def records(study_name, spread_of=1.0, seeds=5, digest="d"):
    """Records of a study's arms with normal accuracies."""
    study, generator = find_study(study_name), np.random.default_rng(5)
    made = []
    for variant in study.arms.values():
        for seed in range(seeds):
            trial = Trial(variant.text, study.training().text, study.dataset, digest, seed)
            values = {
                "test_correct": round(6000 + 100 * spread_of * generator.standard_normal()),
                "test_images": 10_000,
            }
            if study.readings:
                drawn = {
                    name: round(6000 - 10 * (32 - at) + 10 * (32 - at) * generator.standard_normal())
                    for name, at in study.readings.items()
                }
                values |= {"readings": drawn}
            made.append(Record(trial, "finished", values))
    return made


@pytest.mark.parametrize("kind", NOISES)
def test_noise_has_mean_0_and_variance_1(kind):
    draws = noise(kind, (400_000,), np.random.default_rng(1))
    assert draws.mean() == pytest.approx(0, abs=0.02)
    assert draws.std() == pytest.approx(1, abs=0.1)


def test_what_is_wrong_depends_on_the_truth():
    better, same = Rule(">", negligible=0.5), Rule("=", margin=1.0)
    shown = np.array([[ABOVE], [BELOW], [SMALL], [OPEN]])
    for rule, truth, false in (
        (better, 0.0, [True, False, False, False]),
        (better, -1.0, [True, False, False, False]),
        (better, 0.2, [False, False, False, False]),
        (better, 0.5, [False, True, True, False]),
        (better, 2.0, [False, True, True, False]),
        (Rule(">"), 2.0, [False, True, True, False]),
        (Rule("<", negligible=0.5), -2.0, [True, False, True, False]),
        (Rule("<", negligible=0.5), 0.0, [False, True, False, False]),
        (same, 0.0, [True, True, False, False]),
        (same, 1.0, [False, False, True, False]),
    ):
        assert wrong(shown, [rule], np.array([truth]))[:, 0].tolist() == false, (rule, truth)
    assert claimed(shown, [better])[:, 0].tolist() == [1, -1, -1, 0]
    assert claimed(shown, [same])[:, 0].tolist() == [-1, -1, 1, 0]


def test_arm_means_are_those_under_which_the_parts_hold():
    parts = [({"a": 1.0, "b": -1.0}, 2.0), ({"b": 1.0, "c": -1.0}, -1.0)]
    a, b, c = arm_means(parts, ("a", "b", "c"))
    assert (a - b, b - c) == pytest.approx((2.0, -1.0))


def test_a_fixed_design_with_one_part_is_wrong_as_often_as_its_level_says():
    values = np.random.default_rng(2).standard_normal((20_000, 2, 5))
    parts = [(np.array([1.0, -1.0]), Rule(">"))]
    found = line(GroupSequential((5,)), parts, values, np.zeros(2), "welch")
    assert found["wrong"] == pytest.approx(2.5, abs=0.7)
    assert found["coverage"] == found["throughout"] == pytest.approx(95, abs=1)
    assert (found["trials"], found["median seeds"]) == (10, 5)


def test_figure_6_ends_as_the_check_of_the_verdicts_read_it():
    gaps = figure6()
    assert gaps["linear - relu6"] == pytest.approx(0.63, abs=0.1)
    assert gaps["bottleneck - expansion"] == pytest.approx(0.52, abs=0.15)
    assert gaps["bottleneck - none"] == pytest.approx(1.39, abs=0.15)
    assert all("arXiv:1801.04381v4 Figure 6" in row["source"] for row in table("figure6_curves"))
    parts = [part.title for claim in CLAIMS if claim.id == "shortcut-placement" for part in claim.parts]
    for title in parts:
        expected = "bottleneck - expansion" if title.startswith(("linear -", "bottleneck")) else "bottleneck - none"
        value = published("shortcut-placement", title)
        assert value == pytest.approx(gaps[expected] - (gaps["bottleneck - expansion"] if "none" in expected else 0))
    assert published("last-layer-width", "0.5 full - 0.5 scaled") is None


def test_truths_name_arms_that_the_studies_have():
    for study, truths in OWN.items():
        for arms in truths.values():
            assert set(arms) <= set(find_study(study).names)
    parts = [
        ("x", "a - b", {"a": 1.0, "b": -1.0}, Rule(">", negligible=0.5)),
        ("x", "=", {"a": 1.0, "c": -1.0}, Rule("=", 1.0)),
    ]
    arms = ("a", "b", "c")
    a, b, c = np.asarray(means(NONE, "", parts, arms))
    assert (a - b, a - c) == pytest.approx((0, 1))
    a, b, c = np.asarray(means(INTEREST, "", parts, arms))
    assert (a - b, a - c) == pytest.approx((1, 0))
    assert means(PUBLISHED, "", parts, arms) is None


def test_proposals_weigh_arms_that_their_studies_have():
    for proposal in PROPOSALS:
        names = {*find_study(proposal.study).names, *(proposal.reads or {})}
        for part in proposal.parts:
            assert set(part.weights) <= names
            assert sum(part.weights.values()) == pytest.approx(0)
        for pair in (proposal.reads or {}).values():
            assert set(pair) <= set(find_study(proposal.study).names)


def test_a_claim_of_some_parts_needs_one_of_them():
    found = np.array([[1, 0, -1], [1, 1, 1], [-1, -1, -1], [0, 0, -1]])
    assert _combined(found, "every") == Shares(25.0, 75.0, 0.0)
    assert _combined(found, "some") == Shares(50.0, 25.0, 25.0)


def test_pilots_are_the_runs_of_one_copy_of_the_data():
    stored = [*records("headline"), *records("headline", spread_of=9, seeds=2, digest="other")]
    runs = runs_of(find_study("headline"), stored)
    assert {name: len(arm) for name, arm in runs.items()} == dict.fromkeys(find_study("headline").arms, 5)
    assert spread(runs) == pytest.approx(1.0, abs=0.5)
    assert len(runs_of(find_study("headline"), stored, digest="other")["linear"]) == 2
    assert math.isnan(spread({"a": {0: 1.0}}))


def test_losses_are_read_within_a_run():
    runs = runs_of(find_study("low-precision"), records("low-precision"))
    read = lost(PROPOSALS, runs)
    for seed, value in read["ReLU, lost at 4 bits"].items():
        assert value == pytest.approx(runs["ReLU, float"][seed] - runs["ReLU, 4 bits"][seed])


def test_registered_rules_have_a_row_for_each_claim_and_truth():
    wide = records("last-layer-width", spread_of=1.3)
    stored = [*wide, *(record for name in ("headline", "low-precision") for record in records(name))]
    rows = rules_table(stored, 60).rows
    truths = {(claim, study): [] for claim, study, *_ in rows}
    for claim, study, _, seeds, sd, truth, *shares in rows:
        truths[claim, study].append(truth)
        assert sum(shares[:3]) == pytest.approx(100)
        assert seeds == 5
        assert 0.5 < sd < 4
    assert truths["linear-bottleneck", "headline"] == [NONE, INTEREST, PUBLISHED]
    assert truths["last-layer-width", "last-layer-width"] == [NONE, INTEREST, "2 points at each width"]
    never = [row for row in rows if row[0] == "last-layer-width" and row[5] == "2 points at each width"]
    assert never[0][6] < 30


def test_proposed_rules_are_rarely_wrong_and_mostly_right(monkeypatch):
    names = ("last-layer-width", "capacity-expressiveness")
    monkeypatch.setattr("experiments.claims.operating.PROPOSALS", [each for each in PROPOSALS if each.id in names])
    found = proposals_table([record for name in names for record in records(name)], SMALL_COUNT)
    assert {row[0] for row in found.rows} == set(names)
    assert fit(found.rows) == dict.fromkeys(names, True)
    assert all(3 <= row[9] <= 40 for row in found.rows)
    assert fit([("x", "", "", 1.0, NONE, 9.0, 0.0, 0.0, 9.0)]) == {"x": False}
    assert fit([("x", "", "", 1.0, INTEREST, 70.0, 0.0, 0.0, 0.0)]) == {"x": False}


def test_designs_are_compared_on_the_same_studies(monkeypatch):
    monkeypatch.setattr("experiments.claims.power.TRUTHS", {name: TRUTHS[name] for name in ("no effect",)})
    found = designs_table(SMALL_COUNT)
    assert {row[3] for row in found.rows} == set(DESIGNS)
    by = {(row[1], row[3]): dict(zip(found.columns, row, strict=True)) for row in found.rows}
    spending, later = by["normal", "looks, alpha spending"], by["normal", "any time"]
    assert spending["trials"] < later["trials"]
    for row in by.values():
        assert row["trials"] <= 160
        assert 0 <= row["wrong %"] <= 20


def test_tables_are_written_from_stored_trials(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.claims.power.TRUTHS", {"no effect": TRUTHS["no effect"]})
    monkeypatch.setattr("experiments.claims.power.NOISES", NOISES[:1])
    for record in records("last-layer-width"):
        path = tmp_path / "trials" / record.trial.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(record.to_json())
    paths = write(tmp_path, 50)
    assert {path.stem for path in paths} == {"power-designs", "power-rules", "power-proposals", "power-pairing"}
    with (tmp_path / "tables" / "power-pairing.csv").open() as lines:
        (row,) = csv.DictReader(lines)
    assert (row["arms"], row["epochs"]) == ("9", "1")
    assert abs(float(row["correlation"])) < 0.5


def test_pairing_is_tabulated_where_enough_arms_ran_the_same_seeds():
    assert len(pairing_table(records("headline")).rows) == 1
    assert pairing_table(records("headline"), least=5).rows == []
    assert pairing_table(records("headline"), seeds=range(9)).rows == []


def runs_with(effect, sd=1.0, seeds=20):
    generator = np.random.default_rng(3)
    return {
        name: dict(enumerate((60 + mean + sd * generator.standard_normal(seeds)).tolist()))
        for name, mean in (("a", effect), ("b", 0.0))
    }


def test_a_clear_effect_repeats_and_a_small_one_does_not_always():
    part = [Part("a - b", {"a": 1.0, "b": -1.0}, Rule(">", negligible=0.5))]
    clear = repeats(part, runs_with(6.0), draws=50)
    assert (clear.draws, clear.seeds, clear.same, clear.against) == (50, 20, 1.0, 0.0)
    assert clear.full == {"a - b": "supported"}
    assert clear.median_seeds <= 4
    assert clear.findings == {(1,): 50}
    low, high = clear.effects["a - b"][1:]
    assert low < 6 < high
    weak = repeats(part, runs_with(0.9), draws=50)
    assert weak.same < 1
    assert repeats(part, runs_with(0.9), draws=50) == weak
    with pytest.raises(Problem, match="2 finished seeds"):
        repeats(part, runs_with(1.0, seeds=2))


def test_the_headline_has_its_registered_parts():
    assert [part.title for part in parts_of("headline")] == [
        "linear - relu6",
        "linear - expansion shortcut",
        "expansion shortcut - no shortcut",
    ]


def test_repeats_of_a_study_are_tabulated_from_its_records():
    found = repeats_table(records("headline", seeds=6), draws=20)
    assert [row[0] for row in found.rows] == [part.title for part in parts_of("headline")]
    assert all(row[1] == 6 for row in found.rows)
    assert "20 random orders of 6 seeds" in found.notes[0]
