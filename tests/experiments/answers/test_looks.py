"""Seeds in looks: an arm is run until all that it serves is decided, and the answer is that of the runs alone."""

import json
from dataclasses import replace

import pytest
from pair import STUDY as PAIR

from analysis.arch import preset
from analysis.problem import Problem
from analysis.render.arms import Arm
from analysis.tasks.recipes import RECIPES
from analysis.trials import Record, Store, Trial
from experiments.answers.looks import ANALYSIS, OWN, decided, looked, notes, parts_of, together, verdicts
from experiments.claims.ablations import Claim, minus
from experiments.commands import study
from experiments.studies.headline import STUDY as HEADLINE
from experiments.studies.registry import find_study
from experiments.study import read_as, until_decided

BASE = (60.2, 59.1, 60.4, 58.8, 60.9, 59.7, 60.3, 59.9)
NOISE = (0.5, -0.7, 0.1, 0.6, -0.5, 0.3, -0.2, 0.4)


def arms(count=8, relu6=-6.0, expansion=-0.2, none=-14.0):
    """Runs of the headline's arms with planted differences to the first."""
    effects = {"linear": 0.0, "relu6": relu6, "expansion shortcut": expansion, "no shortcut": none}
    return [
        Arm(name, HEADLINE.arms[name], {seed: BASE[seed] + effect + i * NOISE[seed] for seed in range(count)})
        for i, (name, effect) in enumerate(effects.items())
    ]


def test_arms_that_are_decided_want_no_further_runs_and_open_ones_do():
    found = looked(HEADLINE, arms(3))
    by_title = {outcome.part.title: outcome for outcome in found.progress.outcomes}
    assert by_title["linear - relu6"].finding == "supported"
    assert by_title["linear - expansion shortcut"].finding == "undecided"
    assert set(found.progress.wanted) == {"linear", "expansion shortcut"}
    assert all(list(seeds) == [3] for seeds in found.progress.wanted.values())


def test_a_study_without_runs_wants_the_first_look_of_every_arm_and_gives_no_verdict():
    found = looked(HEADLINE, [])
    assert {name: list(seeds) for name, seeds in found.progress.wanted.items()} == {
        name: [0, 1, 2] for name in HEADLINE.arms
    }
    assert verdicts(found, "here") == []
    assert found.looks == 0
    assert any(note.text.startswith("UNDER WAY") for note in notes(found))


def test_differences_are_those_of_the_parts_where_a_part_is_the_difference():
    found = looked(HEADLINE, arms(5))
    part = found.progress.outcomes[0]
    d = found.against["relu6"]
    assert (d.mean, d.low, d.high) == pytest.approx((-part.effect, -part.high, -part.low))
    d = found.against["no shortcut"]  # no part of its own
    assert d.low < d.mean < d.high
    assert d.mean == pytest.approx(-14.0, abs=2)
    rows = decided(found).rows
    assert [row[-1] for row in rows] == ["supported", "open", "supported"]


def test_verdicts_are_those_of_the_part_that_decides():
    found = looked(HEADLINE, arms(8, expansion=9.0))
    by_claim = {each.claim: each for each in verdicts(found, "here")}
    assert by_claim["linear-bottleneck"].verdict == "supported"
    assert by_claim["shortcut-placement"].verdict == "contradicted"
    assert by_claim["shortcut-placement"].effect == pytest.approx(-9.0, abs=1.5)
    ((_, outcomes, _),) = [each for each in found.claims if each[0] == "shortcut-placement"]
    assert together(outcomes) is min(outcomes, key=lambda each: each.effect)
    assert by_claim["shortcut-placement"].sentence == "contradicted. linear - expansion shortcut is below 0"
    assert by_claim["shortcut-placement"].analysis == ANALYSIS
    assert by_claim["shortcut-placement"].shows is None


def test_an_undecided_verdict_says_what_its_design_would_have_shown():
    by_claim = {each.claim: each for each in verdicts(looked(HEADLINE, arms(5)), "here")}
    few = {each.claim: each for each in verdicts(looked(replace(HEADLINE, seeds=range(5)), arms(5)), "here")}
    shows = [each["shortcut-placement"].shows for each in (by_claim, few)]
    assert by_claim["shortcut-placement"].verdict == "undecided"
    assert 0.2 < shows[0] < 2  # 40 seeds of runs that vary by a point
    assert shows[1] > 2 * shows[0]  # five of them


def test_the_least_clear_of_several_supported_parts_decides():
    found = looked(HEADLINE, arms(8, expansion=-6.0, none=-30.0))
    ((_, outcomes, _),) = [each for each in found.claims if each[0] == "shortcut-placement"]
    assert [each.finding for each in outcomes] == ["supported", "supported"]
    assert together(outcomes).part.title == "linear - expansion shortcut"


def test_an_arm_that_no_claim_weighs_is_compared_with_the_first():
    more = replace(HEADLINE, arms={**HEADLINE.arms, "wide": preset("brief", width=2.0)})
    *_, (claim, (part,), *_) = parts_of(more)
    assert (claim, part.title, part.rule) == ("", "wide - linear", OWN)
    mine = replace(PAIR, name="mine")
    assert [(name, [part.title for part in parts]) for name, parts, *_ in parts_of(mine)] == [("", ["relu6 - linear"])]


def test_a_study_run_until_decided_keeps_the_rules_of_its_claims():
    renamed = until_decided(PAIR, 10)
    assert (renamed.name, renamed.rules, renamed.looks) == ("pair-until-decided", "pair", True)
    assert list(renamed.seeds) == list(range(10))
    assert until_decided(HEADLINE, 5).name == "headline"
    with pytest.raises(Problem, match="at most 1 seeds of each arm: at least two show how much runs vary"):
        until_decided(PAIR, 1)


@pytest.fixture
def ruled(monkeypatch):
    claim = Claim("linear-bottleneck", "pair", (minus("linear", "relu6"),))
    monkeypatch.setattr("experiments.answers.looks.CLAIMS", (claim,))


def store(results, recipe, digest, seeds, effect=6.0):
    """Records of the pair with a planted effect."""
    kept = Store(results / "trials")
    for name, variant in PAIR.arms.items():
        for seed in seeds:
            score = BASE[seed] + NOISE[seed] * (name == "relu6") + effect * (name == "linear")
            counts = {"test_correct": round(100 * score), "test_images": 10000}
            kept.write(Record(Trial(variant.text, recipe.text, "cifar10", digest, seed), "finished", counts))


def test_a_run_until_decided_trains_look_by_look_to_the_most_seeds_and_goes_on_where_it_was(options, ruled, capsys):
    asked = replace(options, seeds=(), until_decided=True, most=4)
    study.run("pair", asked)  # three steps on random pixels: nothing is decided
    out = capsys.readouterr().out
    assert "Look 1, of at most 4 seeds an arm: 6 trials, 0 in store, 6 to run" in out
    assert "Look 2, of at most 4 seeds an arm: 2 trials, 0 in store, 2 to run" in out
    stem = "pair-until-decided-cifar10-tiny"
    text = (options.results / "tables" / f"{stem}.md").read_text()
    assert "Seeds in looks (at 3, 4)" in text and "Looks so far: 2, seeds used: linear 4, relu6 4" in text
    (row,) = json.loads((options.results / "verdicts" / f"{stem}.json").read_text())
    assert (row["id"], row["n"], row["judge"]) == ("linear-bottleneck", 4, "study:pair-until-decided")
    files = {path: path.read_bytes() for path in (options.results / "tables").iterdir()}
    study.run("pair", asked)
    assert "to run" not in capsys.readouterr().out
    assert {path: path.read_bytes() for path in files} == files


def test_a_study_that_is_decided_trains_nothing_more(options, ruled, capsys):
    from experiments.sweeps.data import load

    digest = load("cifar10", options.data_dir).digest
    store(options.results, RECIPES["tiny"], digest, range(3))
    study.run("pair", replace(options, seeds=(), until_decided=True))
    out = capsys.readouterr().out
    assert "to run" not in out
    assert "verdict   linear-bottleneck: supported. linear - relu6 is above 0" in out


def test_a_failing_trial_ends_the_looks_with_one_line(options, ruled, monkeypatch):
    def failing(trial, way):
        return Record(trial, "failed", error="Traceback\nValueError: broken")

    monkeypatch.setattr("experiments.sweeps.executors.run_trial", failing)
    with pytest.raises(Problem, match="6 trials failed, first"):
        study.run("pair", replace(options, seeds=(), until_decided=True, most=4))


def test_a_trial_that_failed_is_retried_and_the_looks_go_on(options, ruled, monkeypatch, capsys):
    asked = replace(options, seeds=(), until_decided=True, most=2)
    with monkeypatch.context() as patched:
        patched.setattr("experiments.sweeps.executors.run_trial", lambda trial, way: Record(trial, "failed", error="x"))
        with pytest.raises(Problem, match="4 trials failed"):
            study.run("pair", asked)
    study.run("pair", replace(asked, retry_failed=True))
    assert "4 trials, 4 in store" not in capsys.readouterr().out
    text = (options.results / "tables" / "pair-until-decided-cifar10-tiny.md").read_text()
    assert "seeds used: linear 2, relu6 2" in text


def test_arms_are_trained_alone_and_the_others_are_waited_for(options, ruled, capsys):
    asked = replace(options, seeds=(), until_decided=True, most=4)
    study.run("pair", replace(asked, arms=("linear",)))
    out = capsys.readouterr().out
    assert "Look 1, of at most 4 seeds an arm: 3 trials, 0 in store, 3 to run" in out and "Look 2" not in out
    study.run("pair", replace(asked, arms=("relu6",)))
    out = capsys.readouterr().out
    assert "Look 1, of at most 4 seeds an arm: 3 trials, 0 in store, 3 to run" in out
    assert "Look 2, of at most 4 seeds an arm: 1 trials" in out and "Look 3" not in out


def test_a_dry_run_lists_the_next_look(options, ruled, capsys):
    study.run("pair", replace(options, seeds=(), until_decided=True, most=5, dry_run=True))
    out = capsys.readouterr().out
    assert out.count("seed 0") == 2 and "seed 3" not in out
    assert not (options.results / "tables").exists()


def test_rules_that_were_made_for_looks_judge_readings_of_one_run_against_each_other():
    asked = until_decided(find_study("low-precision"), 8)
    ((claim, parts, needs, _),) = parts_of(asked)
    assert (claim, len(parts), needs) == ("relu6-low-precision", 3, "some")
    lost = {
        "ReLU": {"8 bits": 0.1, "6 bits": 1.0, "4 bits": 30.0},
        "ReLU6": {"8 bits": 0.1, "6 bits": 1.0, "4 bits": 5.0},
    }
    made = []
    for arm, variant in asked.arms.items():
        for reading in asked.readings:
            less = lost.get(arm, {}).get(reading, 0.0)
            runs = {seed: BASE[seed] - less + NOISE[seed] * less / 10 for seed in range(3)}
            made.append(Arm(read_as(arm, reading), variant, runs))
    found = looked(asked, made)
    (given,) = verdicts(found, "here")
    assert (given.verdict, given.effect) == ("supported", pytest.approx(25.0, abs=1))  # at 4 bits, one is enough
    assert set(found.wanted) <= set(asked.names)
    none = looked(asked, [])
    assert set(none.wanted) == {"ReLU, float", "ReLU6, float"}
