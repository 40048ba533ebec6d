"""A question answered end to end on a data set of forty images."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pair import STUDY as PAIR

from analysis.arch import preset
from analysis.nn.fused.build import products
from analysis.problem import Problem
from analysis.render.arms import Arm
from analysis.render.style import write_figure
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.low_precision.recipe import QuantisedRecipe
from analysis.tasks.recipes import RECIPES
from analysis.training.loop import fit
from analysis.trials import Record, Store, Trial
from analysis.trials.forecast import forecast, known_rate, measured_rate, trial_madds
from analysis.trials.run import run_on_node, run_trial
from experiments.answers.report import questions
from experiments.answers.study import judged
from experiments.claims.ablations import Claim, Part, minus
from experiments.commands import backends, study, trial, trials
from experiments.commands import report as report_command
from experiments.commands import run as run_command
from experiments.commands.study import Options
from experiments.studies.registry import STUDIES


@pytest.fixture
def options(tmp_path, monkeypatch):
    """A recipe of three steps and CIFAR-10 in its binary layout, in a folder that holds a space."""
    monkeypatch.setenv("MNV2_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setitem(RECIPES, "tiny", Recipe(name="tiny", batch=8, validation=16))
    folder = tmp_path / "my data" / "cifar-10-batches-bin"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for name in (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"):
        records = rng.integers(0, 256, (8, 3073), np.uint8)
        records[:, 0] %= 10
        (folder / f"{name}.bin").write_bytes(records.tobytes())
    monkeypatch.setitem(STUDIES, "pair", "pair")
    monkeypatch.setattr(
        "experiments.answers.study.CLAIMS", (Claim("linear-bottleneck", "pair", (minus("linear", "relu6"),)),)
    )
    return Options(
        recipe="tiny", data_dir=folder.parent, jobs=1, backend="eager", seeds=(0, 1), results=tmp_path / "results"
    )


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


def test_the_title_of_an_answer_stays_on_its_figure(options, monkeypatch):
    places = []

    def written(figure, path):
        figure.canvas.draw()
        places.append((figure.axes[0].title.get_window_extent(), figure.bbox.frozen()))
        return write_figure(figure, path)

    monkeypatch.setattr("experiments.answers.study.write_figure", written)
    study.run("pair", options)
    for title, whole in places:
        assert whole.x0 < title.x0 < title.x1 < whole.x1
    assert len(places) == 1


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


def test_the_report_brings_every_answer_back_byte_for_byte(kernels, options, monkeypatch, capsys):
    monkeypatch.setattr("experiments.answers.report.STUDIES", {"pair": "pair"})
    study.run("pair", options)
    study.run("pair", replace(options, fresh_seeds=100))
    shared = {name: getattr(options, name) for name in ("results", "data_dir", "jobs")}
    backends.main(backends.Options(**shared, recipe="tiny", seeds=(0, 1)))
    report_command.main(results=options.results, readme=options.results / "none.md")
    kinds = {"tables", "verdicts", "VERDICTS.md", "report.html"}
    files = {
        p: p.read_bytes()
        for p in options.results.rglob("*")
        if kinds & set(p.relative_to(options.results).parts) and p.is_file()
    }
    assert {p.stem for p in files} == {
        "pair-cifar10-tiny",
        "pair-cifar10-tiny-seeds-100",
        "audit",
        f"backends{'' if products() == 'float32' else '-' + products()}-cifar10-tiny",
        "VERDICTS",
        "report",
    }
    for path in files:
        path.unlink()
    report_command.main(results=options.results, readme=options.results / "none.md")
    assert {p: p.read_bytes() for p in files} == files
    assert "undecided" in capsys.readouterr().out


def test_a_claim_is_not_judged_before_all_its_seeds_have_run(options):
    study.run("pair", options)
    folder = options.results / "trials"
    texts = {path: path.read_text() for path in folder.rglob("*.json")}
    next(path for path, text in texts.items() if "projection='relu6'" in text and '"seed": 1' in text).unlink()
    study.show("pair", options)
    text = (options.results / "tables" / "pair-cifar10-tiny.md").read_text()
    assert "FEWER THAN 2 RUNS YET: relu6 (1)" in text and "Claim `" not in text
    assert json.loads((options.results / "verdicts" / "pair-cifar10-tiny.json").read_text()) == []


def test_a_study_that_shares_arms_only_is_not_asked_with_another_recipe(options, monkeypatch):
    monkeypatch.setattr("experiments.answers.report.STUDIES", {"pair": "pair", "trio": "trio"})
    trio = replace(PAIR, name="trio", arms={**PAIR.arms, "relu": preset("brief", projection="relu")})
    monkeypatch.setattr("experiments.answers.report.find_study", {"pair": PAIR, "trio": trio}.__getitem__)
    study.run("pair", options)
    records, _ = Store(options.results / "trials").records()
    asked = [(q.study.name, q.recipe.name) for q in questions(records) if any(arm.runs for arm in q.arms)]
    assert asked == [("pair", "tiny")]
    monkeypatch.setattr("experiments.answers.report.find_study", lambda name: replace(trio, recipe="tiny"))
    assert [q.study.name for q in questions(records) if any(arm.runs for arm in q.arms)] == ["trio", "trio"]


def test_a_claim_that_waits_for_an_arm_counts_in_the_correction_of_the_others(monkeypatch):
    trio = replace(PAIR, seeds=(0, 1, 2), arms={**PAIR.arms, "relu": preset("brief", projection="relu")})
    claims = tuple(Claim(f"on {arm}", "pair", (minus("linear", arm),)) for arm in ("relu6", "relu"))
    monkeypatch.setattr("experiments.answers.study.CLAIMS", claims)
    runs = ({0: 60.0, 1: 61.0, 2: 60.5}, {0: 50.0, 1: 50.8, 2: 50.1}, {})
    arms = [Arm(name, trio.arms[name], each) for name, each in zip(trio.arms, runs, strict=True)]
    ((claim, (judgement,)),) = judged(trio, arms)
    assert claim.id == "on relu6"
    assert judgement.p == pytest.approx(2 * judgement.difference.p)


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
    monkeypatch.setattr("experiments.commands.study.find_study", lambda name: twice)
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
    assert [(q.recipe.name, len(q.arms)) for q in questions(records)] == [("low", 4)]
    with pytest.raises(Problem, match="speaks of arms that it has not: relu6"):
        replace(twice, beside=[("relu6", "relu6, float")])


def test_backends_that_are_mixed_are_named(kernels, options):
    study.run("pair", replace(options, seeds=(0,)))
    study.run("pair", replace(options, backend="fused"))
    text = (options.results / "tables" / "pair-cifar10-tiny.md").read_text()
    fused = {"float32": "fused", "bfloat16": "fused with bfloat16 products"}[products()]
    assert f"backend eager and {fused}, MIXED" in text


def test_fresh_seeds_are_answered_beside_the_others(options, capsys):
    study.run("pair", replace(options, fresh_seeds=100))
    assert "brief, seed 101" in capsys.readouterr().out
    assert (options.results / "tables" / "pair-cifar10-tiny-seeds-100.md").exists()
    assert not (options.results / "tables" / "pair-cifar10-tiny.md").exists()


def test_an_own_study_is_run_by_its_path_at_equal_cost_too(options, tmp_path, capsys):
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
    path.write_text("STUDY = 1 / 0")
    with pytest.raises(Problem, match=r"my_study\.py does not run: ZeroDivisionError"):
        study.run(str(path), options)
    path.write_text("QUESTION = 'why?'")
    with pytest.raises(Problem, match=r"my_study\.py has no STUDY"):
        study.run(str(path), options)
    with pytest.raises(Problem, match=r"there is no study at .*gone\.py"):
        study.run(str(tmp_path / "gone.py"), options)


def test_the_own_study_of_the_readme_is_short_and_runs_as_it_says(options, tmp_path, capsys):
    readme = (Path(__file__).parents[2] / "README.md").read_text()
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


def test_a_plan_says_how_many_seeds_a_difference_needs(options, capsys):
    with pytest.raises(Problem, match="no trials on cifar10"):
        study.plan("pair", options=options)
    study.run("pair", replace(options, seeds=(0, 1)))
    with pytest.raises(Problem, match="needs three seeds"):
        study.plan("pair", options=options)
    study.run("pair", replace(options, seeds=(0, 1, 2, 3)))
    capsys.readouterr()
    study.plan("pair", detect=30.0, options=options)
    few = capsys.readouterr().out
    study.plan("pair", detect=3.0, options=options)
    many = capsys.readouterr().out
    needed = [int(text.split("|")[6].replace(",", "")) for text in (line(few), line(many))]
    assert needed[0] < needed[1]
    with pytest.raises(Problem, match="--detect 0"):
        study.plan("pair", detect=0.0, options=options)


def line(text):
    """The table's row on relu6 - linear."""
    return next(row for row in text.splitlines() if "relu6 - linear" in row)


def test_arms_without_runs_are_left_out_and_named(options, monkeypatch, capsys):
    study.run("pair", options)
    variants = {"16": preset("brief", resolution=16), "wide": preset("brief", width=2.0)}
    more = replace(PAIR, arms={**PAIR.arms, **variants}, beside=[("16", "wide"), ("linear", "relu6")])
    monkeypatch.setattr(study, "find_study", lambda name: more)
    study.show("pair", options)
    text = capsys.readouterr().out
    assert "NOT RUN YET: 16; wide." in text
    assert "Beside: linear - relu6" in text
    assert "Claim `linear-bottleneck`" in text
    study.run("pair", replace(options, seeds=(0,)))
    assert "4 trials, 2 in store, 2 to run" in capsys.readouterr().out  # images of 16 x 16 pixels among them
    study.show("pair", options)
    assert "NOT RUN YET" not in capsys.readouterr().out
    monkeypatch.setattr(study, "find_study", lambda name: replace(more, arms=variants, beside=()))
    monkeypatch.setattr("experiments.answers.study.CLAIMS", ())
    for path in (options.results / "trials").glob("*/*/*.json"):
        if "resolution=16" in path.read_text():
            path.unlink()
    with pytest.raises(Problem, match="no two arms to compare yet"):
        study.show("pair", options)


def test_a_trial_can_be_shown_rerun_and_exported(options, capsys, tmp_path):
    study.run("pair", options)
    capsys.readouterr()
    trials.export(results=options.results)
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["projection"], row["seed"]) for row in rows].count(("relu6", "1")) == 1
    trials.export(format="parquet", out=tmp_path / "trials.parquet", results=options.results)
    assert (tmp_path / "trials.parquet").read_bytes()[:4] == b"PAR1"
    id = rows[0]["id"]
    trial.show(id[:8], options.results)
    assert json.loads(capsys.readouterr().out.partition("\n")[2])["id"] == id
    trial.rerun(id, options.results, options.data_dir)
    assert "the same, bit for bit" in capsys.readouterr().out


def test_a_rerun_that_comes_out_otherwise_says_so(options, capsys):
    study.run("pair", options)
    path = next(options.results.glob("trials/*/*/*.json"))
    record = json.loads(path.read_text())
    record["result"]["epochs"][0]["train_loss"] += 0.5
    path.write_text(json.dumps(record))
    with pytest.raises(Problem, match="came out otherwise"):
        trial.rerun(record["id"], options.results, options.data_dir)


def test_a_dry_run_trains_nothing(options, capsys):
    study.run("pair", replace(options, dry_run=True))
    out = capsys.readouterr().out
    assert "brief projection=relu6, seed 1" in out
    assert "forecast: " in out
    assert not (options.results / "trials").exists()


def test_the_forecast_is_work_over_rate(options, capsys):
    study.run("pair", options)
    assert "took " in capsys.readouterr().out
    records, _ = Store(options.results / "trials").records()
    rate = known_rate(records, "eager", records[0].provenance["threads"])
    assert trial_madds(records[0].trial, 40) == 3_157_568 * (3 * 3 * 8 + 16 + 8)  # 3 passes, 3 steps of 8; evaluation
    seconds = sorted(record.provenance["seconds"] for record in records)
    expected = forecast([record.trial for record in records], 40, rate, jobs=2)
    assert expected == pytest.approx(4 / 2 * (seconds[1] * seconds[2]) / ((seconds[1] + seconds[2]) / 2), rel=1e-6)
    assert known_rate(records, "another backend") is None
    assert measured_rate(records[0].trial, "eager", steps=1) > 0


def test_an_error_in_a_trial_is_kept_shown_and_ends_with_a_problem(options, monkeypatch, capsys):
    def fail(network, recipe, data, seed, learn=fit):
        if seed == 1:
            raise RuntimeError(f"cannot read {options.data_dir}/x.bin")
        return learn(network, recipe, data, seed)

    monkeypatch.setattr("analysis.training.loop.fit", fail)
    with pytest.raises(Problem, match="2 trials failed, first .*: see it by mnv2 trial show, or --retry-failed"):
        study.run("pair", options)
    out = capsys.readouterr().out
    assert "brief, seed 1: failed: RuntimeError: cannot read my data/x.bin (mnv2 trial show " in out
    assert "table     " in out  # of what did not fail
    assert "verdict   linear-bottleneck: " not in out  # half a study is not judged
    failed = [r for r in Store(options.results / "trials").records()[0] if r.status == "failed"]
    assert all("analysis/trials/run.py" in r.error and str(options.data_dir) not in r.error for r in failed)
    monkeypatch.setattr("analysis.training.loop.fit", fit)
    with pytest.raises(Problem, match="2 trials failed"):
        study.run("pair", options)
    study.run("pair", replace(options, retry_failed=True))
    assert {r.status for r in Store(options.results / "trials").records()[0]} == {"finished"}


def test_a_node_without_the_folder_finds_the_data_itself(options, monkeypatch, tmp_path):
    study.run("pair", replace(options, seeds=(0,)))
    record = Store(options.results / "trials").records()[0][0]
    with pytest.raises(Problem, match="does not exist"):
        run_trial(record.trial, str(tmp_path / "elsewhere"))
    monkeypatch.setenv("CIFAR10_DIR", str(options.data_dir))
    again = run_on_node(record.trial, str(tmp_path / "elsewhere"), "eager")
    assert again.result["test_correct"] == record.result["test_correct"]
    assert run_on_node(record.trial, str(options.data_dir), "eager").score == record.score


def test_files_that_are_no_records_are_named(options, capsys):
    stray = options.results / "trials" / "cifar10" / "tiny" / "notes.json"
    stray.parent.mkdir(parents=True)
    stray.write_text("{}")
    study.run("pair", replace(options, dry_run=True))
    assert "notes.json: no whole record" in capsys.readouterr().err
    assert stray.read_text() == "{}"


def test_an_interrupt_says_how_to_go_on(options, monkeypatch, capsys):
    def interrupt(*arguments, **keywords):
        raise KeyboardInterrupt

    monkeypatch.setattr("analysis.trials.sweep.sweep", interrupt)
    monkeypatch.setattr("sys.argv", ["mnv2", "study", "run", "pair", "--data-dir", "my data"])
    with pytest.raises(KeyboardInterrupt):
        study.run("pair", options)
    assert "go on with: mnv2 study run pair --data-dir 'my data'" in capsys.readouterr().err


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


@pytest.fixture
def asked(monkeypatch):
    """What the main job asks for, instead of an answer."""
    calls = []
    monkeypatch.setattr(run_command, "answer", lambda name, options: calls.append((name, options.dataset)))
    return calls


def test_without_data_and_network_the_main_job_goes_on_with_synthetic_images(asked, monkeypatch, tmp_path, capsys):
    def refuse(*arguments):
        raise Problem("no network")

    monkeypatch.setenv("MNV2_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("analysis.data.cifar.load.fetch", refuse)
    run_command.main()
    assert asked == [("headline", "synthetic")]
    assert "SYNTHETIC" in capsys.readouterr().err


def test_the_main_job_takes_cifar_where_it_is_and_refuses_a_folder_without_it(options, asked, monkeypatch, tmp_path):
    monkeypatch.setenv("CIFAR10_DIR", str(options.data_dir))
    run_command.main()
    assert asked == [("headline", None)]
    monkeypatch.setenv("CIFAR10_DIR", str(tmp_path / "results"))
    with pytest.raises(Problem, match="does not exist"):
        run_command.main()
