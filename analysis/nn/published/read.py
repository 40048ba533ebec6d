"""The door to files of published weights: whatever their layout, one call."""

import zipfile
from pathlib import Path

from analysis.arch.families import Variant
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.text import known
from analysis.files import stand_in
from analysis.nn.published import keras, tflite
from analysis.nn.published.keras import read_keras
from analysis.nn.published.kinds import Published
from analysis.nn.published.states import KNOWN, layout_of, read_state
from analysis.nn.published.tflite_network import read_tflite
from analysis.nn.weights import read_weights
from analysis.problem import Problem

LAYOUTS = ("torchvision", "timm", "keras", "tflite")
READERS = {"keras": read_keras, "tflite": read_tflite}


def read_published(path: Path, layout: str | None = None, variant: Variant | None = None) -> Published:
    """The network of a file of weights. Nothing in the file is run.

    `layout`: whose file it is, one of LAYOUTS. Without it the content says so. `variant`: the network that it has to
    fit. Without it the network follows from the file.

    Raises:
        Problem: no such file, one that is none of these, damaged, or weights that do not fit. It names the tensor.
    """
    if layout is not None:
        known(layout, LAYOUTS, "layout")
    if variant is not None and not isinstance(variant, MobileNetV2):
        raise Problem(f"published weights are those of a MobileNetV2 classifier, not of a {variant.family}")
    found = _layout_of_file(path)
    if layout and found and layout != found:
        raise Problem(f"{path} is a file of {found}, not of {layout}: leave --layout out")
    if found:
        return READERS[found](path, variant)
    if layout in READERS:
        raise Problem(f"{path} is not a file of {layout}: it has other first bytes")
    state = read_weights(path)
    layout = layout or layout_of(state)
    if layout is None:
        libraries = ", ".join(f"{name} ({keys[0]})" for name, keys in KNOWN.items())
        raise Problem(f"{path} has neither library's names of layers, {libraries}: export from one of them")
    return read_state(state, layout, variant, path)


def _layout_of_file(path: Path) -> str | None:
    """The layout that the first bytes show, or None for a state dict.

    Raises:
        Problem: no such file, or one that only looks like a file of weights.
    """
    try:
        with path.open("rb") as file:
            start = file.read(100)
    except OSError as error:
        raise Problem(f"{path} cannot be read ({error.strerror}): name a file of weights") from error
    if stood := stand_in(start):
        raise Problem(f"{path} {stood}")
    if start.startswith(b"PK") and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if "model.weights.h5" in archive.namelist():
                raise Problem(f"{path} is an archive of Keras 3: save the model as a .h5 file")
    if start.startswith(keras.MAGIC):
        return "keras"
    return "tflite" if start[4:8] == tflite.MAGIC else None
