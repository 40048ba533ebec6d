"""`mnv2 export` of trained and published weights: the file's own network and weights, or one line that says why not."""

import importlib.util
import pickle

import pytest
import torch
from safetensors.torch import save_file

from analysis.arch import preset, unroll
from analysis.nn import build, initialise
from analysis.nn.checkpoint import Origin, load_checkpoint, save_checkpoint
from analysis.nn.export import runs_onnx, runs_program
from analysis.nn.weights import timm_names, timm_variant, torchvision_names
from analysis.problem import Problem
from experiments.commands.export import main
from experiments.commands.options import Network

VARIANT = preset("brief", rows=((2, 8, 2, 1),))
LACKS = [name for name in ("onnx", "onnxruntime", "onnxscript") if not importlib.util.find_spec(name)]
needs_onnx = pytest.mark.skipif(bool(LACKS), reason=f"the extra `export` lacks {', '.join(LACKS)}")


def trained(variant):
    """A network whose norms have seen images."""
    network = build(unroll(variant))
    initialise(network, 0)
    network.train()(torch.randn(4, *network.plan.image, generator=torch.Generator().manual_seed(0)))
    return network.eval()


@pytest.fixture
def checkpoint(tmp_path):
    network = trained(VARIANT)
    return save_checkpoint(tmp_path / "a.safetensors", network, Origin(VARIANT.text, "r", "cifar10", "d", 3, "trained"))


def test_a_checkpoint_is_exported_with_its_own_network(checkpoint, tmp_path, capsys):
    main(tmp_path / "a.pt2", checkpoint=checkpoint)
    program = torch.export.load(tmp_path / "a.pt2").module()
    assert program(torch.zeros(3, 3, 32, 32)).shape == (3, 10)
    said = capsys.readouterr().out
    assert "trained on cifar10, seed 3" in said and "from float64" in said


@needs_onnx
def test_the_onnx_of_a_checkpoint_computes_what_its_network_does(checkpoint, tmp_path, capsys):
    """At any resolution: see export/test_any_resolution.py."""
    main(tmp_path / "a.onnx", checkpoint=checkpoint)
    network, images = load_checkpoint(checkpoint)[0].eval(), torch.randn(3, 3, 32, 32)
    (found,) = runs_onnx((tmp_path / "a.onnx").read_bytes())(images)
    torch.testing.assert_close(found, network(images), rtol=1e-4, atol=1e-4)
    assert found.std() > 0.01
    assert "trained on cifar10, seed 3" in capsys.readouterr().out


@needs_onnx
@pytest.mark.parametrize(
    ("layout", "names", "suffix", "to"),
    [("torchvision", torchvision_names, "pt", "onnx"), ("timm", timm_names, "safetensors", "pt2")],
)
def test_published_weights_go_from_file_to_file(tmp_path, capsys, layout, names, suffix, to):
    axes = {"rows": ((1, 8, 1, 1), (6, 16, 2, 2), (6, 24, 1, 2)), "classes": 7}
    network, file = trained(preset("brief", **axes)), tmp_path / f"w.{suffix}"
    table = names(network)
    state = {f"{table[k.rpartition('.')[0]]}.{k.rpartition('.')[2]}": v for k, v in network.state_dict().items()}
    (save_file if suffix == "safetensors" else torch.save)({k: v.contiguous() for k, v in state.items()}, file)
    chosen = Network(variant=preset("brief", **axes).text)
    written = tmp_path / f"w.{to}"
    main(written, chosen, weights=file, layout=layout)
    images = torch.randn(2, 3, 32, 32)
    run = runs_onnx(written.read_bytes()) if to == "onnx" else runs_program(torch.export.load(written))
    (found,) = run(images)
    torch.testing.assert_close(found, network(images), rtol=1e-4, atol=1e-4)
    assert f"weights of {file}" in capsys.readouterr().out
    with pytest.raises(Problem, match=r"classifier.* is of shape \(7, .*choose the network's width and classes"):
        main(tmp_path / f"x.{to}", Network(variant=preset("brief", **axes | {"classes": 9}).text), file, layout)
    assert not (tmp_path / f"x.{to}").exists()


def test_a_network_of_timm_is_chosen_by_its_name(tmp_path, capsys):
    network = trained(timm_variant("mobilenetv2_050"))
    table = timm_names(network)
    state = {f"{table[k.rpartition('.')[0]]}.{k.rpartition('.')[2]}": v for k, v in network.state_dict().items()}
    torch.save(state, tmp_path / "w.pt")
    main(tmp_path / "w.pt2", weights=tmp_path / "w.pt", layout="timm", timm="mobilenetv2_050")
    images = torch.randn(2, 3, 224, 224)
    found = torch.export.load(tmp_path / "w.pt2").module()(images)
    torch.testing.assert_close(found, network(images), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("options", [{"timm": "mobilenetv2_050"}, {"network": Network(width=0.5)}])
def test_two_networks_at_once_are_refused(checkpoint, tmp_path, options):
    with pytest.raises(Problem, match="--checkpoint has network and weights"):
        main(tmp_path / "a.pt2", checkpoint=checkpoint, **options)


def test_a_pickle_and_a_cut_file_are_refused(checkpoint, tmp_path):
    checkpoint.write_bytes(checkpoint.read_bytes()[:-100])
    with pytest.raises(Problem, match="damaged or not a safetensors"):
        main(tmp_path / "a.pt2", checkpoint=checkpoint)
    checkpoint.write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(Problem, match="damaged or not a safetensors"):
        main(tmp_path / "a.pt2", checkpoint=checkpoint)
    assert not (tmp_path / "a.pt2").exists()
