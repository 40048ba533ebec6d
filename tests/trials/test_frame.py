"""Records as a table: a row each, with every axis and field by its name."""

import dataclasses

import pytest
from fake_trials import run, trial

from analysis.arch import preset, unroll
from analysis.cost import count
from analysis.tasks.recipes import recipe
from analysis.trials import Record, Trial
from analysis.trials.frame import FACTS, forget, frame

SHUFFLE = Trial("shufflenet_v1(width=0.25, resolution=32)", recipe("low-precision").text, "cifar10", "d", 7)


@pytest.fixture(scope="module")
def table():
    good = dataclasses.replace(run(trial(3)), note="JPEG copy", attempts=2, provenance={"torch": "2", "seconds": 4.0})
    return frame([good, Record(SHUFFLE, "diverged"), Record(trial(4), "failed", error="ValueError")])


def test_a_row_says_what_the_record_says(table):
    row = table.iloc[0]
    assert (row["id"], row["seed"], row["note"], row["attempts"]) == (trial(3).id, 3, "JPEG copy", 2)
    assert (row["status"], row["metric"], row["score"]) == ("finished", "test accuracy", pytest.approx(10.3))
    assert (row["label"], row["family"], row["projection"], row["width"]) == ("brief", "mobilenet_v2", "linear", 1.0)
    assert (row["recipe_name"], row["recipe_batch"]) == ("brief", 64)
    cost = count(unroll(preset("brief")))
    assert (row["madds"], row["params"]) == (cost.madds, cost.params)
    assert (row["torch"], row["seconds"]) == ("2", 4.0)
    assert set(FACTS) <= set(table.columns)


def test_what_a_record_lacks_is_empty(table):
    assert table["score"].isna().tolist() == [False, True, True]
    assert table["commit"].isna().all()
    assert table["status"].tolist() == ["finished", "diverged", "failed"]


def test_axes_of_other_families_have_columns_of_their_own(table):
    assert table["groups"].isna().tolist() == [True, False, True]
    assert table["projection"].isna().tolist() == [False, True, False]
    assert table["family"].tolist() == ["mobilenet_v2", "shufflenet_v1", "mobilenet_v2"]


def test_values_that_hold_others_are_texts(table):
    """A column has one type, so that it can be written as Parquet and filtered."""
    assert table.iloc[1]["recipe_training"].startswith("recipe(name='brief'")
    assert table.iloc[0]["rows"].startswith("((")
    assert table["stem_pool"].isna().tolist() == [True, False, True]
    assert table.iloc[1]["stem_pool"] in ("True", "False")


def test_forgotten_variants_are_read_again(table):
    forget()
    again = frame([run(trial(3))])
    assert again.iloc[0]["madds"] == table.iloc[0]["madds"]


def test_no_records_are_an_empty_table():
    assert len(frame([])) == 0
