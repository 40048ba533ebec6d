"""What the trunk of a detector or a segmentation network starts from: a classifier that learnt CIFAR-10."""

from dataclasses import replace
from pathlib import Path

import torch
from filelock import FileLock

from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.data.labels import Dataset
from analysis.problem import Problem
from analysis.tasks.classification.recipe import RECIPES
from analysis.training.device import CPU
from analysis.trials.kept import checkpoint_path, is_kept, train_and_keep
from analysis.trials.trial import Trial

START_DATA = "cifar10"


def classifier(trunk: MobileNetV1 | MobileNetV2) -> MobileNetV1 | MobileNetV2:
    """The trunk as a classifier of 32 x 32 pixels. As in the preset `cifar`, neither the stem nor the first row of
    stride 2 halves the image; the weights of both networks have the same shapes."""
    strided = next((i for i, stride in enumerate(trunk.strides) if stride > 1), None)
    at = 1 if isinstance(trunk, MobileNetV1) else 3  # where a row has its stride
    rows = tuple((*row[:at], 1, *row[at + 1 :]) if i == strided else row for i, row in enumerate(trunk.rows))
    return replace(trunk, resolution=32, stem_stride=1, rows=rows, classes=10, dropout=0.0)  # type: ignore[arg-type]


def trained_trunk(
    data: Dataset,
    trunk: MobileNetV1 | MobileNetV2,
    recipe: str,
    seed: int,
    folder: Path,
    backend: str,
    device: torch.device = CPU,
) -> Path:
    """The checkpoint in `folder` of the trunk's classifier, trained on `data` with the recipe of that name; it is
    trained now if it is not there, on `device`, by one process while others wait.

    Raises:
        Problem: the training diverged or failed, or the folder cannot be written to.
    """
    trial = Trial(classifier(trunk).text, RECIPES[recipe].text, data.name, data.digest, seed)
    path = checkpoint_path(folder, trial, "trained")
    if not is_kept(folder, trial):
        threads = torch.get_num_threads()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{path}.lock"):
                if not is_kept(folder, trial):
                    train_and_keep(data, trial, folder, backend, device)
        except OSError as error:
            raise Problem(f"the trunk cannot be kept ({error}); set MNV2_CACHE_DIR to a folder to write to") from error
        finally:
            torch.set_num_threads(threads)
    return path
