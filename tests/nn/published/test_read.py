"""One door for four layouts: the content says whose a file is, and what is none is refused in one line."""

import zipfile

import pytest
import torch
from published_files import SMALL, keras_arrays, named, trained, write_keras
from safetensors.torch import save_file
from tflite_files import TFLite

from analysis.arch import parse_variant, preset
from analysis.nn.published.keras import keras_names
from analysis.nn.published.read import LAYOUTS, read_published
from analysis.nn.weights import timm_names, torchvision_names
from analysis.problem import Problem

NARROW = preset("imagenet", width=0.35, resolution=224)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    narrow = trained(NARROW)
    save_file(named(narrow, torchvision_names), folder / "torchvision")
    torch.save({"state_dict": {f"module.{k}": v for k, v in named(narrow, timm_names).items()}}, folder / "timm")
    write_keras(folder / "keras", keras_arrays(trained(SMALL), keras_names(SMALL)))
    TFLite(trained(SMALL)).write(folder / "tflite")
    return folder


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_content_says_whose_it_is(layout, files):
    variant = SMALL if layout == "keras" else None
    published = read_published(files / layout, variant=variant)
    assert published.layout == layout
    again = read_published(files / layout, layout, variant)
    assert all(torch.equal(value, again.state[key]) for key, value in published.state.items()) and again.state
    network = published.network()
    scores = network(torch.zeros(1, *published.plan.image))
    assert scores.shape == (1, published.variant.classes) and bool(scores.isfinite().all())
    if layout in ("torchvision", "timm"):
        assert published.variant == NARROW
    with pytest.raises(Problem, match=r"is a file of|has other first bytes|lack"):
        read_published(files / layout, "keras" if layout != "keras" else "tflite")


def test_a_state_dict_of_neither_library_and_of_another_size(files, tmp_path):
    torch.save({"weight": torch.zeros(3)}, tmp_path / "a.pt")
    with pytest.raises(Problem, match="neither library's names"):
        read_published(tmp_path / "a.pt")
    with pytest.raises(Problem, match=r"features.0.0.weight is of shape \(16, 3, 3, 3\), not \(48"):
        read_published(files / "torchvision", variant=preset("imagenet", width=1.4))
    with pytest.raises(Problem, match="MobileNetV2 classifier, not of a ssd"):
        read_published(files / "torchvision", variant=parse_variant("ssd"))
    with pytest.raises(Problem, match="unknown layout 'keros': did you mean 'keras'"):
        read_published(files / "keras", "keros")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"version https://git-lfs.github.com/spec/v1\n", "pointer of Git LFS"),
        (b"<!DOCTYPE html><html></html>", "HTML page"),
        (b"\x89HDF\r\n\x1a\n" + b"x" * 200, "cannot be read as HDF5"),
        (b"\x18\0\0\0TFL3" + b"\xff" * 200, "cannot be read as TensorFlow Lite"),
        (b"noise", "is neither of torch.save nor of safetensors"),
    ],
)
def test_other_files_are_one_line(content, said, tmp_path):
    (tmp_path / "w.bin").write_bytes(content)
    with pytest.raises(Problem, match=said) as caught:
        read_published(tmp_path / "w.bin")
    assert "\n" not in str(caught.value)


def test_an_archive_of_keras_and_no_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.keras", "w") as archive:
        archive.writestr("model.weights.h5", b"x")
    with pytest.raises(Problem, match="archive of Keras 3: save the model as a .h5 file"):
        read_published(tmp_path / "a.keras")
    with pytest.raises(Problem, match="cannot be read .*: name a file of weights"):
        read_published(tmp_path / "none")
    with pytest.raises(Problem, match="cannot be read"):
        read_published(tmp_path)


class Harmful:
    def __reduce__(self):
        return print, ("run",)


def test_no_code_is_run(tmp_path, capsys):
    torch.save({"features.0.0.weight": Harmful()}, tmp_path / "a.pt")
    with pytest.raises(Problem, match="it is not loaded, as it could run code"):
        read_published(tmp_path / "a.pt")
    assert capsys.readouterr().out == ""
