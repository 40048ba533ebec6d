"""`mnv2 count` and the options that choose a network."""

import csv
import json

import pytest

from analysis.arch import parse_variant, unroll
from analysis.arch.deeplab import DeepLabV3
from analysis.cost import count
from analysis.problem import Problem
from experiments.commands.count import main
from experiments.commands.options import Network


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({}, "mobilenet_v2()"),
        ({"family": "shufflenet_v1", "groups": 8, "width": 0.5}, "shufflenet_v1(groups=8, width=0.5)"),
        ({"family": "plain", "classes": 10}, "plain(classes=10)"),
        ({"head": "ssdlite"}, "ssd(lite=True)"),
        ({"head": "ssd", "family": "mobilenet_v1"}, "ssd(backbone=mobilenet_v1(resolution=320))"),
        ({"head": "deeplab_v3", "output_stride": 8, "aspp": False}, "deeplab_v3(output_stride=8, aspp=False)"),
        (
            {"head": "deeplab_v3", "resolution": 257, "classes": 5},
            "deeplab_v3(backbone=mobilenet_v2(resolution=257), classes=5)",
        ),
        ({"variant": "mobilenet_v2(stem=16)", "kernel": 5}, "mobilenet_v2(stem=16, kernel=5)"),
    ],
)
def test_options_name_a_variant(options, text):
    assert Network(**options).choose() == parse_variant(text)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"family": "mobilenet"}, "did you mean 'mobilenet_v"),
        ({"family": "plain", "groups": 3}, "unknown axis of plain 'groups'"),
        ({"family": "shufflenet_v1", "groups": 5}, "known are 1, 2, 3, 4, 8"),
        ({"family": "shufflenet_v1", "head": "ssd"}, "none of MobileNetV1, MobileNetV2"),
        ({"head": "ssd", "aspp": False}, "belong to --head deeplab_v3"),
        ({"preset": "brief", "family": "plain"}, "choose one of"),
    ],
)
def test_options_that_do_not_fit_are_named(options, message):
    with pytest.raises(Problem) as caught:
        Network(**options).choose()
    assert message in str(caught.value)


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
