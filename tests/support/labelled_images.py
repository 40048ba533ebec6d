"""A folder of small pictures with a table of labels, and files of weights that classify them."""

import numpy as np
from PIL import Image
from published_files import SMALL, trained
from tflite_files import TFLite


def pictures(folder, count=8, side=36):
    """Write pictures and labels.csv. Return both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, lines = np.random.default_rng(0), ["file,class"]
    for i in range(count):
        Image.fromarray(rng.integers(0, 256, (side, side, 3), np.uint8)).save(folder / f"{i}.png")
        lines.append(f"{i}.png,{i % 3}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    return folder, folder / "labels.csv"


def weights(folder, names=("a", "b"), variant=SMALL):
    """Write a file of TensorFlow Lite for each name. Return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(TFLite(trained(variant, i)).write(folder / f"{name}.tflite") for i, name in enumerate(names))
