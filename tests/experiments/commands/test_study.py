"""`mnv2 study` end to end on a data set of forty images."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from pair import STUDY as PAIR

from analysis.problem import Problem
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.low_precision.recipe import QuantisedRecipe
from analysis.tasks.recipes import RECIPES
from analysis.trials import Store
from experiments.answers.report import questions
from experiments.claims.ablations import Claim, Part
from experiments.commands import study, trial, trials
from experiments.studies.widths import Equal, Widths


@pytest.fixture
def quick_figures():
    """Here all formats are written."""


def test_a_study_is_run_tabled_plotted_and_judged(options, capsys):
    study.run("pair", options)
    out = capsys.readouterr().out
    assert "4 trials, 0 in store, 4 to run" in out
    assert "verdict   linear-bottleneck: " in out
    stem = "pair-cifar10-tiny"
    rows = list(csv.DictReader((options.results / "tables" / f"{stem}.csv").open()))
    assert [(row["arm"], row["MAdds"], row["n"]) for row in rows] == [
        ("linear", "3157568", "2"),
        ("relu6", "3157568", "2"),
    ]
    for name in ("tables/{}.md", "tables/{}.tex", "figures/{}.png", "figures/{}.svg", "figures/{}.pdf"):
        assert (options.results / name.format(stem)).stat().st_size > 500
    text = (options.results / "tables" / f"{stem}.md").read_text()
    assert "CIFAR-10 (partial: 40 + 8 images; backend eager), recipe tiny (1 epoch, batch 8)" in text
    verdict = json.loads((options.results / "verdicts" / f"{stem}.json").read_text())[0]
    assert (verdict["id"], verdict["n"]) == ("linear-bottleneck", 2)
    assert verdict["effect"] == pytest.approx(float(rows[0]["accuracy %"]) - float(rows[1]["accuracy %"]))


def test_running_again_trains_nothing_and_gives_the_same_bytes(options, capsys):
    study.run("pair", options)
    files = {p: p.read_bytes() for p in options.results.rglob("*") if p.is_file() and "trials" not in p.parts}
    assert len(files) == 7
    for path in files:
        path.unlink()
    capsys.readouterr()
    study.run("pair", options)
    assert "4 in store, 0 to run" in capsys.readouterr().out
    assert {p: p.read_bytes() for p in files} == files
    study.show("pair", options)
    assert {p: p.read_bytes() for p in files} == files


def test_a_study_of_readings_compares_every_arm_at_every_precision(options, monkeypatch, capsys):
    low = QuantisedRecipe(name="low", training=Recipe(name="tiny", batch=8, validation=16), bits=(4,), calibration=8)
    monkeypatch.setitem(RECIPES, "low", low)
    twice = replace(
        PAIR,
        name="twice",
        recipe="low",
        readings={"float": 32, "4 bits": 4},
        beside=[("relu6, 4 bits", "relu6, float")],
        x="bits",
        lines={arm: [f"{arm}, float", f"{arm}, 4 bits"] for arm in PAIR.arms},
        fresh=(),
    )
    weights = {"relu6, float": 1.0, "relu6, 4 bits": -1.0, "linear, float": -1.0, "linear, 4 bits": 1.0}
    claim = Claim("relu6-low-precision", "twice", (Part("loss", weights),))
    monkeypatch.setattr("experiments.answers.study.CLAIMS", (claim,))
    monkeypatch.setattr("experiments.sweeps.options.find_study", lambda name: twice)
    study.run("twice", replace(options, recipe=None))
    stem = "twice-cifar10-low"
    rows = list(csv.DictReader((options.results / "tables" / f"{stem}.csv").open()))
    assert [row["arm"] for row in rows] == ["linear, float", "linear, 4 bits", "relu6, float", "relu6, 4 bits"]
    mean = {row["arm"]: float(row["accuracy %"]) for row in rows}
    verdict = json.loads((options.results / "verdicts" / f"{stem}.json").read_text())[0]
    assert verdict["effect"] == pytest.approx(sum(weight * mean[arm] for arm, weight in weights.items()))
    text = (options.results / "tables" / f"{stem}.md").read_text()
    assert "Beside: relu6, 4 bits - relu6, float" in text
    assert (options.results / "figures" / f"{stem}.png").stat().st_size > 500
    monkeypatch.setattr("experiments.answers.report.STUDIES", {"twice": "twice"})
    monkeypatch.setattr("experiments.answers.report.find_study", lambda name: twice)
    records, _ = Store(options.results / "trials").records()
    assert [(q.conditions.recipe.name, len(q.arms)) for q in questions(records)] == [("low", 4)]
    with pytest.raises(Problem, match="speaks of arms that it has not: relu6"):
        replace(twice, beside=[("relu6", "relu6, float")])


def test_fresh_seeds_are_answered_beside_the_others(options, capsys):
    study.run("pair", replace(options, fresh_seeds=100))
    assert "brief, seed 101" in capsys.readouterr().out
    assert (options.results / "tables" / "pair-cifar10-tiny-seeds-100.md").exists()
    assert not (options.results / "tables" / "pair-cifar10-tiny.md").exists()


def test_an_own_study_is_run_by_its_path_at_equal_cost_too(options, tmp_path, capsys, monkeypatch):
    path = tmp_path / "my_study.py"
    path.write_text(
        "from analysis.arch import preset\n"
        "from experiments.study import Study\n"
        "STUDY = Study('kernels', 'Does a larger kernel pay?',\n"
        "              {f'{k} x {k}': preset('brief', kernel=k, rounding=1) for k in (3, 5)})\n"
    )
    study.run(str(path), replace(options, seeds=(0,)))
    study.run(str(path), replace(options, seeds=(0,), at_equal="madds"))
    plain, equal = (
        [int(row["MAdds"]) for row in csv.DictReader((options.results / "tables" / f"{name}-cifar10-tiny.csv").open())]
        for name in ("kernels", "kernels-equal-madds")
    )
    said = [
        (options.results / "tables" / f"{name}-cifar10-tiny.md").read_text()
        for name in ("kernels", "kernels-equal-madds")
    ]
    assert f"Command: `mnv2 study run {path} --recipe tiny`" in said[0]
    assert f"Command: `mnv2 study run {path} --at-equal madds --recipe tiny`" in said[1]
    assert plain[1] > 1.1 * plain[0]
    assert equal[0] == plain[0]
    assert equal[1] == pytest.approx(equal[0], rel=0.03)
    timed = []

    def measure(asked):
        timed.append(asked.name)
        of = {arm: variant.text for arm, variant in asked.arms.items()}
        return Widths({"5 x 5": Equal(0.6, 1.0, 0.9, 1.1)}, of, {}, {})

    monkeypatch.setattr("experiments.measurements.latency.widths.measure", measure)
    with pytest.raises(Problem, match=r"there is no .*widths.kernels\.json"):
        study.show(str(path), replace(options, seeds=(0,), at_equal="latency"))
    for _ in range(2):
        study.run(str(path), replace(options, seeds=(0,), at_equal="latency"))
    assert timed == ["kernels"]  # once
    (found,) = [each for each in Store(options.store).records()[0] if "width=0.6" in each.trial.variant]
    assert "kernel=5" in found.trial.variant
    assert (options.results / "tables" / "kernels-equal-latency-cifar10-tiny.md").is_file()
    path.write_text("STUDY = 1 / 0")
    with pytest.raises(Problem, match=r"my_study\.py does not run: ZeroDivisionError"):
        study.run(str(path), options)
    path.write_text("QUESTION = 'why?'")
    with pytest.raises(Problem, match=r"my_study\.py has no STUDY"):
        study.run(str(path), options)
    with pytest.raises(Problem, match=r"there is no study at .*gone\.py"):
        study.run(str(tmp_path / "gone.py"), options)


def test_the_own_study_of_the_readme_is_short_and_runs_as_it_says(options, tmp_path, capsys):
    readme = (Path(__file__).parents[3] / "README.md").read_text()
    (example,) = [block for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "STUDY" in block]
    assert len(example.splitlines()) <= 15
    path = tmp_path / "my_study.py"
    path.write_text(example)
    assert "mnv2 study run my_study.py --seeds 0 1 2 --at-equal madds" in example
    study.run(str(path), replace(options, seeds=(0, 1), at_equal="madds"))
    stem = "narrow-and-deep-equal-madds-cifar10-tiny"
    rows = list(csv.DictReader((options.results / "tables" / f"{stem}.csv").open()))
    assert [(row["arm"], row["n"]) for row in rows] == [("brief", "2"), ("deeper", "2")]
    assert int(rows[1]["MAdds"]) == pytest.approx(int(rows[0]["MAdds"]), rel=0.05)
    assert (options.results / "figures" / f"{stem}.png").stat().st_size > 500


def test_mistakes_are_problems(options, tmp_path):
    with pytest.raises(Problem, match="unknown study 'linear': known are"):
        study.run("linear", options)
    with pytest.raises(Problem, match="--gpus is a share of what --executor ray hands out"):
        study.run("pair", replace(options, gpus=0.5))
    with pytest.raises(Problem, match="jobs is 0"):
        study.run("pair", replace(options, jobs=0))
    with pytest.raises(Problem, match="no trials on cifar10"):
        study.show("pair", options)
    with pytest.raises(Problem, match="0 trials in .* begin with 'abc'"):
        trial.show("abc", options.results)
    with pytest.raises(Problem, match="no trials in"):
        trials.export(results=options.results)
