"""`mnv2 doctor`: what is here, and how to get what is not."""

import json
import sys

import pytest

from analysis.problem import Problem
from experiments.commands import doctor


def test_where_a_data_set_is_or_how_it_gets_here(monkeypatch):
    monkeypatch.setattr("analysis.data.cifar.locate", lambda name: "/a/copy" if name == "cifar10" else "")
    assert doctor.place("cifar10", "CIFAR10_DIR") == "/a/copy"
    assert "downloaded at first use, or set CIFAR100_DIR" in doctor.place("cifar100", "CIFAR100_DIR")

    def wrong(name):
        raise Problem("/x holds none")

    monkeypatch.setattr("analysis.data.cifar.locate", wrong)
    assert doctor.place("cifar10", "CIFAR10_DIR") == "wrong CIFAR10_DIR: /x holds none"


@pytest.mark.parametrize(("own", "command"), [(True, "./run.sh --setup docs"), (False, "pip install -e '.[docs]'")])
def test_an_extra_is_installed_where_this_program_runs(monkeypatch, own, command):
    monkeypatch.setattr(sys, "prefix", str(doctor.ROOT / ".venv") if own else "/usr")
    assert doctor.installation("docs") == command


def test_without_a_compiler_networks_train_on_eager(monkeypatch):
    monkeypatch.setenv("CXX", "no-such-compiler")
    assert doctor.compiler().endswith("until then networks train on the eager backend")


def test_extras_are_named_with_what_they_lack(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "missing_from_extras", lambda: {"docs": ("pdoc",), "report": ()})
    monkeypatch.setenv("CXX", "no-such-compiler")
    doctor.main()
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert f"lacks pdoc: {doctor.installation('docs')}" in lines["[docs]"]
    assert lines["[report]"].endswith("installed")


def test_a_device_is_tried_and_the_report_written_whole(monkeypatch, capsys, tmp_path):
    found = {"environment": {"device": "cpu"}, **dict.fromkeys(("agreement", "capture", "throughput", "headline"), "-")}
    asked = []
    monkeypatch.setattr("experiments.benches.checkup.report", lambda *given: asked.append(given) or found)
    doctor.main(device="cpu", out=tmp_path / "a" / "device.json", seeds=1, minutes=0.5)
    ((device, *numbers, _),) = asked
    assert (device.type, numbers) == ("cpu", [1, 3, 2.0, 0.5])
    assert json.loads((tmp_path / "a" / "device.json").read_text()) == found
    assert capsys.readouterr().out.splitlines()[-1] == str(tmp_path / "a" / "device.json")
    with pytest.raises(Problem, match="there is no device 'tpu' here; there are cpu"):
        doctor.main(device="tpu", out=tmp_path / "none.json")
