"""A record is written and read back to the same values, or refused with its reason."""

import dataclasses
import json
from pathlib import Path

import pytest
from fake_trials import run, trial

from analysis.arch import parse_variant
from analysis.problem import Problem
from analysis.tasks.recipes import parse_recipe, recipe
from analysis.trials import Record, Store
from analysis.trials.record import SCHEMA, finite, parse_record

SAMPLES = Path(__file__).parent / "samples"
RESULTS = Path(__file__).parents[2] / "results"


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


def test_numbers_that_are_not_finite_are_never_written(tmp_path):
    with pytest.raises(Problem, match="not finite"):
        Store(tmp_path).write(dataclasses.replace(run(trial(0)), provenance={"loss": float("nan")}))
    assert finite({"a": [1.0, float("inf")], "b": float("nan")}) == {"a": [1.0, None], "b": None}


def test_nan_in_a_file_is_refused(tmp_path):
    path = Store(tmp_path).write(run(trial(0)))
    path.write_text(path.read_text().replace("100,", "NaN,"))
    assert "NaN is not a measurement" in Store(tmp_path).records()[1][0]


def test_edited_content_is_refused(tmp_path):
    path = Store(tmp_path).write(run(trial(0)))
    path.write_text(path.read_text().replace('"seed": 0', '"seed": 5'))
    assert "does not belong to its content" in Store(tmp_path).records()[1][0]


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
