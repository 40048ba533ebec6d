"""`mnv2 crosscheck` fails on a residual."""

import json

import pytest

from analysis.arch import parse_variant
from analysis.nn.crosscheck import crosscheck
from experiments.commands import crosscheck as command


def checks(*texts):
    return crosscheck(map(parse_variant, texts), ["torch"])


def test_a_residual_ends_with_status_1(monkeypatch, capsys):
    found = checks("mobilenet_v1(resolution=32, width=0.1)")
    monkeypatch.setattr(command, "crosscheck", lambda _: found)
    command.main(json=True)
    row = json.loads(capsys.readouterr().out)[0]
    assert set(row) == {"network", "tool", "reported", "items", "residual"}
    assert row["reported"] == sum(row["items"].values())
    found[0] = found[0]._replace(reported=found[0].reported + 1)
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 1
    assert "residual 1\n" in capsys.readouterr().out
