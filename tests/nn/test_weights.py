"""Published weights find their place: names and shapes against other libraries' lists, refusals in one line."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from analysis.arch import preset, unroll
from analysis.nn import build
from analysis.nn.weights import (
    TIMM_ROWS,
    TIMM_WIDTHS,
    load_timm_state_dict,
    load_torchvision_state_dict,
    read_weights,
    timm_names,
    timm_variant,
    torchvision_names,
)
from analysis.problem import Problem

PUBLISHED = Path(__file__).parent / "published"
TINY = preset("brief", rows=((1, 8, 1, 1), (6, 16, 2, 2), (6, 16, 1, 2)), classes=3)


def published(name):
    """Key -> shape of each tensor of a published list; a norm has four, a linear layer a bias too."""
    shapes = {}
    for line in (PUBLISHED / f"{name}.txt").read_text().splitlines():
        if line.startswith("#"):
            continue
        prefix, *layers = (part.split() for part in line.split(" | "))
        for layer, *sizes in layers:
            key = layer if prefix == ["-"] else f"{prefix[0]}.{layer}"
            shape = tuple(map(int, sizes))
            leaves = {1: ("weight", "bias", "running_mean", "running_var"), 2: ("weight", "bias"), 4: ("weight",)}
            shapes |= {f"{key}.{leaf}": shape[:1] if leaf == "bias" else shape for leaf in leaves[len(shape)]}
    return shapes


@pytest.mark.parametrize(
    ("name", "variant", "load"),
    [
        ("torchvision_mobilenet_v2", preset("imagenet"), load_torchvision_state_dict),
        ("timm_mobilenetv2_110d", timm_variant("mobilenetv2_110d"), load_timm_state_dict),
    ],
)
def test_published_lists_load_whole(name, variant, load):
    network = build(unroll(variant))
    state = {key: torch.rand(shape) for key, shape in published(name).items()}
    load(network, state)
    loaded = [value for key, value in network.state_dict().items() if not key.endswith("num_batches_tracked")]
    assert len(loaded) == len(state)
    assert sum(float(v.double().sum()) for v in loaded) == pytest.approx(
        sum(float(v.double().sum()) for v in state.values())
    )


# Channels and repeats of the stages. Source: github.com/shanjiang7/GraphNet, samples/timm/NAME.ra_in1k, shapes of each
# blocks.STAGE.PLACE; the recipe of mobilenetv2_050 and _140 is that of _100 with another width.
@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("mobilenetv2_100", ((16, 1), (24, 2), (32, 3), (64, 4), (96, 3), (160, 3), (320, 1))),
        ("mobilenetv2_110d", ((16, 1), (24, 3), (32, 4), (72, 5), (104, 4), (176, 4), (352, 1))),
        ("mobilenetv2_120d", ((24, 1), (32, 3), (40, 5), (80, 6), (112, 5), (192, 5), (384, 1))),
    ],
)
def test_stages_of_timm(name, stages):
    network = build(unroll(timm_variant(name)))
    names = {theirs: network.get_submodule(ours) for ours, theirs in timm_names(network).items()}
    norms = {f"blocks.{i}.{j}.bn{3 if i else 2}": c for i, (c, n) in enumerate(stages) for j in range(n)}
    assert {key: names[key].num_features for key in norms if key in names} == norms
    assert sum(key.endswith("conv_dw") for key in names) == len(norms)
    assert names["bn1"].num_features == 32
    assert names["bn2"].num_features == 1280


def test_stages_of_equal_channels_are_told_apart():
    names = set(timm_names(build(unroll(timm_variant("mobilenetv2_050")))).values())
    assert {"blocks.1.1.conv_pwl", "blocks.2.2.conv_pwl", "blocks.6.0.bn3"} <= names


def test_every_network_of_timm_is_named():
    assert {*TIMM_WIDTHS, *TIMM_ROWS} == {f"mobilenetv2_{n}" for n in ("050", "100", "110d", "120d", "140")}
    with pytest.raises(Problem, match="network of timm"):
        timm_variant("mobilenetv2_200")


@pytest.mark.parametrize(
    ("names", "load"), [(torchvision_names, load_torchvision_state_dict), (timm_names, load_timm_state_dict)]
)
def test_renamed_weights_compute_the_same(names, load, tmp_path):
    first, second = build(unroll(TINY)).eval(), build(unroll(TINY)).eval()
    table = names(first)
    state = {f"{table[k.rpartition('.')[0]]}.{k.rpartition('.')[2]}": v for k, v in first.state_dict().items()}
    save_file({k: v.contiguous() for k, v in state.items()}, tmp_path / "w.safetensors")
    torch.save(state, tmp_path / "w.pt")
    x = torch.randn(2, 3, 32, 32)
    for file in ("w.safetensors", "w.pt"):
        load(second, read_weights(tmp_path / file))
        assert torch.equal(first(x), second(x))
    key = next(iter(state))
    for wrong in ({k: v for k, v in state.items() if k != key}, state | {"more": x}, state | {key: x}):
        with pytest.raises(Problem, match=f"{key}|more"):
            load(second, wrong)


def test_other_networks_are_refused():
    for variant in (preset("brief", features=(0,)), preset("brief", shortcut="expansion", features=(1,))):
        with pytest.raises(Problem, match="classifier"):
            torchvision_names(build(unroll(variant)))


class Harmful:
    def __reduce__(self):
        return print, ("run",)


def test_files_that_are_not_weights(tmp_path, capsys):
    torch.save({"x": Harmful()}, tmp_path / "code.pt")
    torch.save([1], tmp_path / "list.pt")
    (tmp_path / "noise.pt").write_bytes(b"noise")
    (tmp_path / "noise.safetensors").write_bytes(b"noise")
    for name in ("code.pt", "list.pt", "noise.pt", "noise.safetensors", "none.pt"):
        with pytest.raises(Problem) as caught:
            read_weights(tmp_path / name)
        assert "\n" not in str(caught.value)
    assert capsys.readouterr().out == ""
