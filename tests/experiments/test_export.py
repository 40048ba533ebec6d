"""`mnv2 export` of a checkpoint of this suite: the file's own network and weights, or one line that says why not."""

import pickle

import pytest
import torch

from analysis.arch import preset, unroll
from analysis.nn import build, initialise
from analysis.nn.checkpoint import Origin, save_checkpoint
from analysis.problem import Problem
from experiments.choice import Network
from experiments.commands.export import main

VARIANT = preset("brief", rows=((2, 8, 2, 1),))


@pytest.fixture
def checkpoint(tmp_path):
    network = build(unroll(VARIANT))
    initialise(network, 0)
    network.train()(torch.randn(4, 3, 32, 32, generator=torch.Generator().manual_seed(0)))
    return save_checkpoint(tmp_path / "a.safetensors", network, Origin(VARIANT.text, "r", "cifar10", "d", 3, "trained"))


def test_a_checkpoint_is_exported_with_its_own_network(checkpoint, tmp_path, capsys):
    main(tmp_path / "a.pt2", checkpoint=checkpoint)
    program = torch.export.load(tmp_path / "a.pt2").module()
    assert program(torch.zeros(3, 3, 32, 32)).shape == (3, 10)
    said = capsys.readouterr().out
    assert "trained on cifar10, seed 3" in said and "from float64" in said


@pytest.mark.parametrize("options", [{"timm": "mobilenetv2_050"}, {"network": Network(width=0.5)}])
def test_two_networks_at_once_are_refused(checkpoint, tmp_path, options):
    with pytest.raises(Problem, match="--checkpoint has network and weights"):
        main(tmp_path / "a.pt2", checkpoint=checkpoint, **options)


def test_a_pickle_and_a_cut_file_are_refused(checkpoint, tmp_path):
    checkpoint.write_bytes(checkpoint.read_bytes()[:-100])
    with pytest.raises(Problem, match="damaged or no safetensors"):
        main(tmp_path / "a.pt2", checkpoint=checkpoint)
    checkpoint.write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(Problem, match="damaged or no safetensors"):
        main(tmp_path / "a.pt2", checkpoint=checkpoint)
    assert not (tmp_path / "a.pt2").exists()
