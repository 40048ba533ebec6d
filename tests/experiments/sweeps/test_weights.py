"""A study's trials start from a file of weights, which is checked before the first of them and named by its digest."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pair
import pytest
from published_files import write_layout

from analysis.arch import preset
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.files import content_digest
from analysis.problem import Problem
from analysis.tasks.low_precision.recipe import QuantisedRecipe
from analysis.tasks.recipes import recipe
from analysis.training.recipe import WEIGHTS
from analysis.trials import Store
from experiments.commands import study, trial
from experiments.study import Study
from experiments.sweeps.data import start_digest
from experiments.sweeps.weights import check_start, from_weights, started

LACKS = [name for name in ("ai_edge_litert", "h5py", "tflite") if find_spec(name) is None]
pytestmark = pytest.mark.skipif(bool(LACKS), reason=f"the extra `weights` lacks {', '.join(LACKS)}")
FILE = MobileNetV2(width=0.1, resolution=32, classes=1001)
PLAIN = replace(FILE, classes=10)
NARROW = {"linear": PLAIN, "relu6": replace(PLAIN, projection="relu6")}


@pytest.fixture
def asked(options, monkeypatch, tmp_path):
    """Options with a file of weights, and a study whose arms it fits."""
    monkeypatch.setattr(pair, "STUDY", replace(pair.STUDY, arms=NARROW))
    write_layout(tmp_path / "w.pth", "timm", FILE)
    return replace(options, weights=tmp_path / "w.pth", seeds=(0,))


def test_a_study_runs_from_weights_and_is_a_question_of_its_own(asked, capsys):
    study.run("pair", asked)
    out = capsys.readouterr().out
    digest = content_digest(asked.weights)
    assert "2 trials, 0 in store, 2 to run" in out and "verdict" not in out.replace("verdicts", "")
    records = Store(asked.store).records()[0]
    assert {record.trial.start for record in records} == {digest}
    assert all(record.trial.recipe.endswith("start='weights')") for record in records)
    assert all("published in the layout of timm" in record.result["start"] for record in records)
    assert all(record.provenance["command"].endswith("--weights FILE") for record in records)
    stem = f"pair-from-{digest[:8]}-cifar10-tiny"
    text = (asked.results / "tables" / f"{stem}.md").read_text()
    assert f"trunk from published weights {digest[:12]}" in text
    assert "mnv2 study run pair --weights FILE --recipe tiny" in text
    before = (asked.results / "tables" / f"{stem}.md").read_bytes()
    study.run("pair", asked)
    assert "2 in store, 0 to run" in capsys.readouterr().out
    study.show("pair", asked)
    assert (asked.results / "tables" / f"{stem}.md").read_bytes() == before
    identity = records[0].trial.id
    capsys.readouterr()
    trial.rerun(identity, asked.results, asked.data_dir, weights=asked.weights)
    assert "the same, bit for bit" in capsys.readouterr().out
    with pytest.raises(Problem, match=f"starts from published weights of digest {digest[:12]}: name their file"):
        trial.rerun(identity, asked.results, asked.data_dir)
    other = asked.weights.with_name("other")
    write_layout(other, "torchvision", FILE, seed=1)
    with pytest.raises(Problem, match="other has digest .*, the trial starts from weights of .*: name that file"):
        trial.rerun(identity, asked.results, asked.data_dir, weights=other)
    assert replace(records[0].trial, start=content_digest(other)).id != identity


def test_what_does_not_fit_is_refused_before_data_are_read(asked, tmp_path, monkeypatch):
    monkeypatch.setattr(pair, "STUDY", replace(pair.STUDY, arms={**NARROW, "wide": preset("cifar")}))
    with pytest.raises(Problem, match=r"w.pth does not fit wide: stem.conv is 8 x 3 x 3 x 3 in the file"):
        study.run("pair", replace(asked, data_dir=tmp_path / "none"))
    with pytest.raises(Problem, match="none cannot be read"):
        study.run("pair", replace(asked, weights=Path("none")))
    study.run("pair", replace(asked, arms=("linear",)))
    assert len(Store(asked.store).records()[0]) == 1


def test_recipes_of_arms_start_too(asked):
    own = recipe("brief")
    two = Study("two", "?", {"a": NARROW["linear"], "b": NARROW["linear"]}, recipes={"b": replace(own, epochs=2)})
    made, common, digest = from_weights(two, own, asked.weights)
    assert common == replace(own, start=WEIGHTS) and made.recipes["b"] == replace(own, epochs=2, start=WEIGHTS)
    assert digest == check_start(asked.weights, NARROW)
    low = started(QuantisedRecipe())
    assert isinstance(low, QuantisedRecipe) and low.start == low.training.start == WEIGHTS
    with pytest.raises(Problem, match="starts from published weights: name their file by --weights"):
        start_digest(common)
