"""Where a result holds, in words."""

from dataclasses import replace

import pytest
from fake_trials import run, trial

from analysis.nn.fused.compiler import products
from analysis.tasks.recipes import RECIPES
from experiments.answers.conditions import Conditions, notes_of
from experiments.commands import study


def test_backends_that_are_mixed_are_named(kernels, options):
    study.run("pair", replace(options, seeds=(0,)))
    study.run("pair", replace(options, backend="fused"))
    text = (options.results / "tables" / "pair-cifar10-tiny.md").read_text()
    fused = {"float32": "fused", "bfloat16": "fused with bfloat16 products"}[products()]
    assert f"backend eager and {fused}, MIXED" in text


@pytest.mark.parametrize(
    ("dataset", "notes", "text"),
    [
        (
            "cifar10",
            ("JPEG copy", "b"),
            "CIFAR-10 (JPEG copy; b), recipe brief (1 epoch, batch 64)",
        ),
        ("synthetic", ("SYNTHETIC",), "SYNTHETIC images, recipe brief (1 epoch, batch 64)"),
        ("mine", ("",), "mine, recipe brief (1 epoch, batch 64)"),
    ],
)
def test_conditions_in_words(dataset, notes, text):
    assert Conditions(dataset, notes, RECIPES["brief"]).text == text
    assert "(10 epochs," in Conditions(dataset, notes, RECIPES["short"]).text


def test_runs_of_an_accelerator_name_it():
    facts = {"backend": "captured", "products": "bfloat16", "device": "a card", "device_type": "cuda"}
    there = replace(run(trial(0), 0.0), provenance=facts)
    assert notes_of([there]) == ("backend captured with bfloat16 products on a card",)
    here = replace(there, provenance={"backend": "fused", "device": "cpu", "device_type": "cpu"})
    (note,) = notes_of([here, there])
    assert note.startswith("backend captured with bfloat16 products on a card and fused, MIXED")
