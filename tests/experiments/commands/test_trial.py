"""`mnv2 trial` finds a stored run by the first characters of its id."""

import json

import pytest
from fake_trials import run, trial

from analysis.problem import Problem
from analysis.trials import Record, Store
from experiments.commands.trial import show


@pytest.fixture
def results(tmp_path):
    store = Store(tmp_path / "trials")
    store.write(run(trial(1), 0.0))
    store.write(Record(trial(2), "failed", error="Traceback\nValueError: odd"))
    return tmp_path


def test_a_record_is_shown_by_the_start_of_its_id(results, capsys):
    show(trial(1).id[:8], results)
    first, _, rest = capsys.readouterr().out.partition("\n")
    assert first.endswith("finished, 10.10 %")
    assert json.loads(rest)["id"] == trial(1).id
    show(trial(2).id, results)
    assert capsys.readouterr().out.splitlines()[0].endswith(": failed")


@pytest.mark.parametrize(("id", "message"), [("", "2 trials in .* begin with ''"), ("?", "0 trials .* for example")])
def test_an_id_that_names_none_or_several_is_refused(results, id, message):
    with pytest.raises(Problem, match=message):
        show(id, results)


def test_an_empty_store_has_no_example(tmp_path):
    with pytest.raises(Problem, match="for example none"):
        show("a", tmp_path)
