"""`mnv2 count`: rows, totals, conventions, modules of others."""

import csv
import json

import pytest

from analysis.arch import parse_variant, unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.cost import count
from analysis.problem import Problem
from experiments.commands.count import main
from experiments.commands.options import Network


@pytest.mark.parametrize("multi_scale", [False, True])
def test_rows_sum_to_the_total(capsys, multi_scale):
    network = Network(head="deeplab_v3", resolution=65)
    main(network, layers=True, training=True, multi_scale=multi_scale, format="csv")
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    main(network, training=True, multi_scale=multi_scale, json=True)
    whole = json.loads(capsys.readouterr().out)
    columns = {"MAdds": "madds", "parameters": "params", "norm": "norm", "output elements": "elements"}
    for column, name in columns.items():
        assert sum(int(row[column]) for row in rows) == whole[name]
    assert sum(int(row["weight gradient MAdds"]) for row in rows) == whole["training"]["weight_gradient"]
    assert sum(int(row["input gradient MAdds"]) for row in rows) == whole["training"]["input_gradient"]


def test_multi_scale_counts_every_pass_but_parameters_once(capsys):
    main(Network(head="deeplab_v3", resolution=65), multi_scale=True, json=True)
    whole = json.loads(capsys.readouterr().out)
    single = parse_variant("deeplab_v3(backbone=mobilenet_v2(resolution=65))")
    assert isinstance(single, DeepLabV3)
    assert whole["params"] == count(unroll(single)).params
    assert whole["madds"] > 12 * count(unroll(single)).madds
    with pytest.raises(Problem, match="--multi-scale belongs to"):
        main(Network(), multi_scale=True)


@pytest.mark.parametrize(
    ("form", "start"), [("markdown", "## imagenet"), ("latex", r"\begin{table}"), ("csv", "layer,")]
)
def test_tables(capsys, form, start):
    main(format=form, layers=True, convention="fvcore")
    text = capsys.readouterr().out
    assert text.startswith(start)
    assert ("314,193,216" in text) == (form != "csv")  # what fvcore prints stands in a note


def test_what_the_fused_backend_runs_itself(capsys, kernels):
    network = Network(preset="brief", squeeze=0.25, resolution=32)
    main(network, kernels=True, json=True)
    found = json.loads(capsys.readouterr().out)["fused backend"]
    assert found["by torch: Scale"] == found["by torch: hard_sigmoid"] == 14
    assert sum(found.values()) == len(unroll(network.choose()).operations)
    main(network, kernels=True)
    assert "14  by torch: Scale" in capsys.readouterr().out
    main(network, kernels=True, format="markdown")
    assert "14 by torch: Scale" in capsys.readouterr().out


def test_a_convention_is_explained(capsys):
    main(convention="torch", json=True)
    told = json.loads(capsys.readouterr().out)["convention"]
    assert told["printed"] == sum(told["items"].values()) == 2 * 300_774_272
    main(convention="torch")
    assert "601,548,544  printed" in capsys.readouterr().out


def test_a_module_of_ones_own(capsys, tmp_path, monkeypatch):
    (tmp_path / "my_nets.py").write_text(
        "import torch\ndef small():\n    return torch.nn.Sequential(torch.nn.Conv2d(3, 4, 1), torch.nn.LogSigmoid())\n"
    )
    monkeypatch.chdir(tmp_path)
    main(module="my_nets:small", input=(1, 3, 5, 5), json=True)
    answer = json.loads(capsys.readouterr().out)
    assert (answer["madds"], answer["params"]) == (300, 16)
    assert list(answer["uncounted"]) == ["aten::log_sigmoid_forward"]
