"""`mnv2 export --any-resolution` prints the least size of an image, which the file takes."""

import importlib.util
import re

import pytest
import torch

from analysis.arch import preset
from analysis.nn.export import runs_onnx, runs_program
from experiments.commands.export import main
from experiments.commands.options import Network

VARIANT = Network(variant=preset("brief", rows=((6, 8, 2, 2), (6, 8, 1, 2)), classes=3).text)
LACKS = [name for name in ("onnx", "onnxruntime", "onnxscript") if not importlib.util.find_spec(name)]
needs_onnx = pytest.mark.skipif(bool(LACKS), reason=f"the extra `export` lacks {', '.join(LACKS)}")


@pytest.mark.parametrize("suffix", ["pt2", pytest.param("onnx", marks=needs_onnx)])
def test_the_least_size_is_printed_and_taken(tmp_path, capsys, suffix):
    path = tmp_path / f"a.{suffix}"
    main(path, VARIANT, any_resolution=True)
    said = capsys.readouterr().out
    least = int(re.findall(r"takes images from (\d+) x \1 pixels on", said)[0])
    assert f"1x3x{least}x{least}: " in said
    run = runs_onnx(path.read_bytes()) if suffix == "onnx" else runs_program(torch.export.load(path))
    assert run(torch.zeros(2, 3, least, least + 3))[0].shape == (2, 3)


def test_without_it_nothing_is_said_of_sizes(tmp_path, capsys):
    main(tmp_path / "a.pt2", VARIANT)
    assert "takes images from" not in capsys.readouterr().out
