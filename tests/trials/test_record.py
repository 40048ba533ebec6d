"""A record is written and read back to the same values, or refused with its reason."""

import dataclasses
import json
import shutil
from pathlib import Path

import pytest
from fake_trials import run, trial

from analysis.arch import parse_variant
from analysis.problem import Problem
from analysis.tasks.recipes import parse_recipe, recipe
from analysis.trials import Record, Store, Trial
from analysis.trials.executors.local import local
from analysis.trials.record import SCHEMA, finite, parse_record
from analysis.trials.run import scrubbed
from analysis.trials.sweep import sweep

SAMPLES = Path(__file__).parent / "samples"
RESULTS = Path(__file__).parents[2] / "results"


def test_identity_is_pinned():
    """These digits name files: a change of them orphans every stored trial."""
    assert Trial("v", "r", "cifar10", "d", 0).id == "475becb95f49"
    assert trial(0).id == "27192cea7357"
    assert len({dataclasses.replace(trial(0), **{f: "x"}).id for f in ("variant", "recipe", "dataset", "digest")}) == 4


def test_a_record_of_every_schema_loads():
    assert {path.name for path in SAMPLES.iterdir()} == {f"schema_{schema}.json" for schema in range(1, SCHEMA + 1)}
    for schema in range(1, SCHEMA + 1):
        content = (SAMPLES / f"schema_{schema}.json").read_bytes()
        record = parse_record(content)
        assert json.loads(content)["schema"] == schema
        assert record.status == "finished"
        assert record.score == 100 * record.result["test_correct"] / record.result["test_images"]


def test_every_stored_record_keeps_its_id_its_text_and_its_bytes():
    """Trials are named after their ids: what was stored by older versions is read, and written the same again."""
    paths = sorted(RESULTS.glob("**/trials/*/*/*.json")) + sorted(RESULTS.glob("backends/*/*/*/*.json"))
    assert len(paths) > 800
    for path in paths:
        record = parse_record(path.read_bytes())
        assert record.trial.id == path.stem
        assert parse_recipe(record.trial.recipe).text == record.trial.recipe
        assert parse_variant(record.trial.variant).text == record.trial.variant
        assert record.to_json() == path.read_bytes()


KEYS = {
    "recipe": ("test_correct", "test_images"),
    "quantised_recipe": ("test_correct", "test_images", "readings"),
    "detection_recipe": (
        *("validation", "test_score", "test_mean", "test_classes", "test_images"),
        *("start", "classes", "blind", "shown"),
    ),
    "segmentation_recipe": (
        *("validation_classes", "test_score", "test_classes", "test_images", "readings", "readings_by_class"),
        *("start", "classes", "blind", "shown"),
    ),
}


def test_the_keys_of_the_four_kinds_of_result_are_pinned_in_order():
    seen = set()
    for path in sorted(RESULTS.glob("trials/*/*/*.json")):
        record = parse_record(path.read_bytes())
        kind = record.trial.recipe.partition("(")[0]
        found = tuple(record.result)
        assert found[:2] == ("steps", "epochs")
        assert found[2:] == tuple(key for key in KEYS[kind] if key in found)  # readings came later
        seen.add(kind)
    assert seen == set(KEYS)


def test_written_and_read_back(tmp_path):
    store = Store(tmp_path)
    record = dataclasses.replace(run(trial(3)), note="JPEG copy", attempts=2)
    path = store.write(record)
    assert path == tmp_path / "cifar10" / "brief" / f"{trial(3).id}.json"
    assert store.find(trial(3)) == record
    assert store.records() == ([record], [])
    assert [p.name for p in path.parent.iterdir()] == [path.name]  # no temporary file stays


def test_numbers_that_are_not_finite_are_never_written(tmp_path):
    with pytest.raises(Problem, match="not finite"):
        Store(tmp_path).write(dataclasses.replace(run(trial(0)), provenance={"loss": float("nan")}))
    assert finite({"a": [1.0, float("inf")], "b": float("nan")}) == {"a": [1.0, None], "b": None}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"schema": 1, "id"', "not a whole record"),
        (b"[]", "not a whole record"),
        (b"", "not a whole record"),
        (b'{"schema": 1, "id": "x"}', "not a whole record"),
    ],
)
def test_files_that_are_no_record_are_named_and_the_good_ones_kept(tmp_path, content, reason):
    store = Store(tmp_path)
    store.write(run(trial(0)))
    (tmp_path / "cifar10" / "brief" / f"{trial(1).id}.json").write_bytes(content)
    good, bad = store.records()
    assert [record.trial.seed for record in good] == [0]
    assert len(bad) == 1
    assert trial(1).id in bad[0]
    assert reason in bad[0]
    assert store.find(trial(1)) is None


def test_a_record_of_a_newer_program_is_neither_read_nor_replaced(tmp_path):
    store = Store(tmp_path)
    path = store.write(run(trial(0)))
    newer = path.read_bytes().replace(b'"schema": 1', b'"schema": 99')
    path.write_bytes(newer)
    assert "schema 99 is newer" in store.records()[1][0]
    with pytest.raises(Problem, match=f"{trial(0).id}.json: schema 99 is newer than this program's 1: update"):
        sweep([trial(0)], store, local(run))
    assert path.read_bytes() == newer


def test_nan_in_a_file_is_refused(tmp_path):
    path = Store(tmp_path).write(run(trial(0)))
    path.write_text(path.read_text().replace("100,", "NaN,"))
    assert "NaN is not a measurement" in Store(tmp_path).records()[1][0]


def test_a_record_under_a_wrong_name_is_refused(tmp_path):
    store = Store(tmp_path)
    path = store.write(run(trial(0)))
    shutil.move(path, path.with_name(f"{trial(1).id}.json"))
    good, bad = store.records()
    assert good == []
    assert f"holds the record of cifar10/brief/{trial(0).id}.json" in bad[0]


def test_edited_content_is_refused(tmp_path):
    path = Store(tmp_path).write(run(trial(0)))
    path.write_text(path.read_text().replace('"seed": 0', '"seed": 5'))
    assert "does not belong to its content" in Store(tmp_path).records()[1][0]


def test_a_folder_that_cannot_be_written_to_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="cannot write"):
        Store(tmp_path / "file").write(run(trial(0)))


def test_only_finished_records_have_a_score():
    assert Record(trial(0), "diverged").score is None
    assert Record(trial(0), "failed").score is None
    assert run(trial(0)).score == 10.0


@pytest.mark.parametrize(("score", "whole"), [(0.5, True), (0.0, True), (1.5, False), (-0.1, False), (None, False)])
def test_a_record_of_another_task_brings_its_score(score, whole):
    boxes = dataclasses.replace(trial(0), recipe=recipe("bccd").text)
    record = Record(boxes, "finished", {"test_score": score, "test_images": 72})
    if whole:
        assert parse_record(record.to_json()).score == 100 * score
    else:
        with pytest.raises(Problem, match="without test_images"):
            parse_record(record.to_json())


def test_tracebacks_lose_the_folders_of_the_machine():
    try:
        raise ValueError("inside")
    except ValueError:
        import traceback

        text = scrubbed(traceback.format_exc())
    assert "tests/trials/test_record.py" in text
    assert str(Path.cwd()) not in text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("No such file: '/home/ada/cifar 10/test_batch'", "No such file: 'cifar 10/test_batch'"),
        ("~/data/x.bin and https://example.org/a/b", "x.bin and https://example.org/a/b"),
        ("3 / 4 of 1/2, analysis/trials/run.py", "3 / 4 of 1/2, analysis/trials/run.py"),
    ],
)
def test_other_paths_are_cut_to_their_last_part(text, left):
    assert scrubbed(text) == left
