"""The backends are not judged before all seeds have run."""

import json

import pytest

from analysis.trials import Record, Store, Trial
from experiments.answers.answer import write
from experiments.answers.collect import NoRuns
from experiments.measurements.backends.rows import compared, store, stored
from experiments.measurements.backends.rule import STUDY, seeds
from experiments.measurements.backends.view import answer

RECIPE = STUDY.training("brief")


def fill(results, planned):
    """Records of both backends, about half a point apart."""
    for backend in ("fused", "eager"):
        shelf = Store(store(backend, "bfloat16", results))
        for arm, variant in STUDY.arms.items():
            for seed in planned(arm):
                correct = 5000 + 37 * seed + (45 + 5 * (seed % 3) if backend == "fused" else 0)
                result = {"test_correct": correct, "test_images": 10000, "epochs": [], "steps": 1}
                trial = Trial(variant.text, RECIPE.text, "cifar10", "0" * 64, seed)
                shelf.write(Record(trial, "finished", result, "", {"backend": backend}))


def verdicts(results):
    """What was judged, by arm, from what is stored."""
    (found,) = stored(results)
    write(answer(found), results)
    rows = json.loads((results / "verdicts" / "backends-bfloat16-cifar10-brief.json").read_text())
    return {row["id"].removeprefix("backends-bfloat16-"): row for row in rows}


def test_an_arm_is_judged_once_all_its_seeds_have_run(tmp_path):
    fill(tmp_path, lambda arm: range(10))
    assert set(verdicts(tmp_path)) == {"linear", "expansion-shortcut", "linear-minus-expansion-shortcut"}
    text = (tmp_path / "tables" / "backends-bfloat16-cifar10-brief.md").read_text()
    assert "not judged yet" in text
    assert f"Runs planned of no shortcut: {len(seeds('no shortcut', 'bfloat16'))}." in text


def test_every_arm_and_their_mean_are_judged_at_the_end(tmp_path):
    fill(tmp_path, lambda arm: seeds(arm, "bfloat16"))
    found = verdicts(tmp_path)
    assert {name: row["n"] for name, row in found.items()} == {
        **{name.replace(" ", "-"): len(seeds(name, "bfloat16")) for name in STUDY.arms},
        "mean-of-the-arms": 10,
        **dict.fromkeys(("linear-minus-relu6", "linear-minus-expansion-shortcut", "linear-minus-no-shortcut"), 10),
    }
    assert all(row["verdict"] == "supported" for name, row in found.items() if "minus" not in name)


def test_other_kernels_are_compared_apart(tmp_path):
    fill(tmp_path, lambda arm: range(10))
    with pytest.raises(NoRuns):
        compared("float32", "cifar10", RECIPE, tmp_path)
    assert [each.products for each in stored(tmp_path)] == ["bfloat16"]


def test_effects_are_rows_of_the_table_by_a_rule_that_says_when_it_was_written(tmp_path):
    fill(tmp_path, lambda arm: seeds(arm, "bfloat16"))
    assert "known" in verdicts(tmp_path)["linear-minus-relu6"]["analysis"]
    assert "analysis" not in verdicts(tmp_path)["linear"]
    assert "| linear - no shortcut " in (tmp_path / "tables" / "backends-bfloat16-cifar10-brief.md").read_text()
