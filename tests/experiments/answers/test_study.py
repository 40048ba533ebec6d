"""A study is tabled, plotted and judged from its runs."""

import json
from dataclasses import replace

import pytest
from pair import STUDY as PAIR

from analysis.arch import preset
from analysis.problem import Problem
from analysis.render.arms import Arm
from analysis.render.style import write_figure
from analysis.tasks.recipes import RECIPES
from analysis.trials import Record, Store, Trial
from experiments.answers.study import judged
from experiments.claims.ablations import Claim, minus
from experiments.commands import study


def test_the_title_of_an_answer_stays_on_its_figure(options, monkeypatch):
    places = []

    def written(figure, path, formats):
        figure.canvas.draw()
        places.append((figure.axes[0].title.get_window_extent(), figure.bbox.frozen()))
        return write_figure(figure, path, formats)

    monkeypatch.setattr("experiments.answers.answer.write_figure", written)
    study.run("pair", options)
    for title, whole in places:
        assert whole.x0 < title.x0 < title.x1 < whole.x1
    assert len(places) == 1


def test_a_claim_is_not_judged_before_all_its_seeds_have_run(options):
    study.run("pair", options)
    folder = options.results / "trials"
    texts = {path: path.read_text() for path in folder.rglob("*.json")}
    next(path for path, text in texts.items() if "projection='relu6'" in text and '"seed": 1' in text).unlink()
    study.show("pair", options)
    text = (options.results / "tables" / "pair-cifar10-tiny.md").read_text()
    assert "FEWER THAN 2 RUNS YET: relu6 (1)" in text and "Claim `" not in text
    assert json.loads((options.results / "verdicts" / "pair-cifar10-tiny.json").read_text()) == []


def test_a_claim_that_waits_for_an_arm_counts_in_the_correction_of_the_others(monkeypatch):
    trio = replace(PAIR, seeds=(0, 1, 2), arms={**PAIR.arms, "relu": preset("brief", projection="relu")})
    claims = tuple(Claim(f"on {arm}", "pair", (minus("linear", arm),)) for arm in ("relu6", "relu"))
    monkeypatch.setattr("experiments.answers.study.CLAIMS", claims)
    runs = ({0: 60.0, 1: 61.0, 2: 60.5}, {0: 50.0, 1: 50.8, 2: 50.1}, {})
    arms = [Arm(name, trio.arms[name], each) for name, each in zip(trio.arms, runs, strict=True)]
    ((claim, (judgement,)),) = judged(trio, arms)
    assert claim.id == "on relu6"
    assert judgement.p == pytest.approx(2 * judgement.difference.p)


@pytest.mark.parametrize(("effect", "verdict"), [(4.0, "supported"), (-4.0, "contradicted"), (0.0, "undecided")])
def test_an_effect_planted_in_records_is_found_and_none_is_not(options, effect, verdict):
    store, brief = Store(options.results / "trials"), RECIPES["brief"]
    five = (61.2, 59.1, 60.4, 58.8, 60.9)
    noise = (0.5, -0.7, 0.1, 0.6, -0.5)
    for seed, (base, off) in enumerate(zip(five, noise, strict=True)):
        for name, score in (("linear", base + effect + off), ("relu6", base)):
            counts = {"test_correct": round(100 * score), "test_images": 10000}
            store.write(
                Record(Trial(PAIR.arms[name].text, brief.text, "cifar10", "d", seed), "finished", counts, "made")
            )
    study.show("pair", replace(options, recipe=None, seeds=tuple(range(5))))
    (told,) = json.loads((options.results / "verdicts" / "pair-cifar10-brief.json").read_text())
    assert (told["verdict"], told["n"]) == (verdict, 5)
    assert told["effect"] == pytest.approx(effect, abs=0.02)
    assert told["low"] < told["effect"] < told["high"]


def test_arms_without_runs_are_left_out_and_named(options, monkeypatch, capsys):
    study.run("pair", options)
    variants = {"16": preset("brief", resolution=16), "wide": preset("brief", width=2.0)}
    more = replace(PAIR, arms={**PAIR.arms, **variants}, beside=[("16", "wide"), ("linear", "relu6")])
    monkeypatch.setattr("experiments.sweeps.options.find_study", lambda name: more)
    study.show("pair", options)
    text = capsys.readouterr().out
    assert "NOT RUN YET: 16; wide." in text
    assert "Beside: linear - relu6" in text
    assert "Claim `linear-bottleneck`" in text
    study.run("pair", replace(options, seeds=(0,)))
    assert "4 trials, 2 in store, 2 to run" in capsys.readouterr().out  # images of 16 x 16 pixels among them
    study.show("pair", options)
    assert "NOT RUN YET" not in capsys.readouterr().out
    monkeypatch.setattr("experiments.sweeps.options.find_study", lambda name: replace(more, arms=variants, beside=()))
    monkeypatch.setattr("experiments.answers.study.CLAIMS", ())
    for path in (options.results / "trials").glob("*/*/*.json"):
        if "resolution=16" in path.read_text():
            path.unlink()
    with pytest.raises(Problem, match="no two arms to compare yet"):
        study.show("pair", options)
