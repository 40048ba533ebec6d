"""`mnv2 crosscheck` covers what it says and fails on a residual; `mnv2 bench count` compares like with like."""

import json

import pytest

from analysis.arch import FAMILIES, PRESETS, label, parse_variant
from analysis.nn.crosscheck import crosscheck
from experiments.audit.crosscheck import networks
from experiments.benches import count as bench_count
from experiments.commands import crosscheck as command


def test_networks_cover_presets_families_and_every_combination_of_axes():
    few, all_of_them = list(networks(False)), list(networks(True))
    assert len(few) == len(PRESETS) + 21 == 24
    assert len(all_of_them) == 24 + 4 * 3 * (3 * 5 + 1) == 216
    assert {variant.family for variant in few} == set(FAMILIES)
    assert len({variant.text for variant in all_of_them}) == len(all_of_them) - 1  # `brief` itself is among the axes


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


def test_bench_counts_a_hundred_different_variants():
    for variants in (bench_count.grid(), bench_count.line()):
        assert len({label(variant) for variant in variants}) == 100
    rows = bench_count.summary({bench_count.GRID: [1.0, 2.0, 3.0], "fvcore": [2000.0]})
    assert rows[1]["ratio"] == 1000
