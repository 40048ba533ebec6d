"""A trial's identity is its text, and its names follow from it."""

import dataclasses
import json
from pathlib import Path

from fake_trials import trial

from analysis.arch import preset
from analysis.tasks.recipes import recipe
from analysis.trials import Trial
from analysis.trials.trial import checkpoint_path, stated


def test_identity_is_pinned():
    """These digits name files: a change of them orphans every stored trial."""
    assert Trial("v", "r", "cifar10", "d", 0).id == "475becb95f49"
    assert trial(0).id == "27192cea7357"
    assert len({dataclasses.replace(trial(0), **{f: "x"}).id for f in ("variant", "recipe", "dataset", "digest")}) == 4


def test_a_start_is_stated_and_counts_only_where_there_is_one():
    """It came later: trials that ran before keep their ids."""
    plain, started = trial(0), dataclasses.replace(trial(0), start="d")
    assert list(stated(plain)) == ["variant", "recipe", "dataset", "digest", "seed"]
    assert list(stated(started)) == [*stated(plain), "start"]
    assert len({plain.id, started.id, dataclasses.replace(started, start="e").id}) == 3


def test_the_id_does_not_depend_on_how_the_fields_came():
    first = trial(3)
    assert Trial(**json.loads(json.dumps(dataclasses.asdict(first)))).id == first.id


def test_names_for_people_and_for_files():
    made = Trial(preset("brief", projection="relu6").text, recipe("short").text, "cifar10", "d", 3)
    assert made.network == "brief projection=relu6"
    assert made.label == "brief projection=relu6, seed 3"
    assert made.path == f"cifar10/short/{made.id}.json"
    assert checkpoint_path(Path("checkpoints"), made) == Path("checkpoints") / f"{made.id}.safetensors"
