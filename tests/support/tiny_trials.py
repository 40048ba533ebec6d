"""Real trials of every task on drawn data, small enough for tests, and processes that run them step by step."""

import multiprocessing
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from pictures import KINDS as SHAPES
from pictures import write_pictures
from scenes import CLASSES, write_scenes

from analysis.arch import preset
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.ssd import SSD
from analysis.data.boxes import load_detection
from analysis.data.cifar import load_dataset
from analysis.data.masks import load_segmentation
from analysis.tasks.classification.recipe import Recipe
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.low_precision.recipe import QuantisedRecipe
from analysis.tasks.recipes import KINDS
from analysis.tasks.segmentation.recipe import SegmentationRecipe
from analysis.tasks.task import fit
from analysis.training.checkpoint import Checkpoint
from analysis.trials import Record, Store, Trial
from analysis.trials.run import run_on
from analysis.trials.trial import checkpoint_path
from analysis.trials.worker import Way, run_trial

TASKS = ("classification", "low precision", "detection", "segmentation")
STEPS = {"classification": 5, "low precision": 5, "detection": 2, "segmentation": 2}  # an epoch
PRELOADED = ["tiny_trials", "torch._dynamo", *(kind.task for kind in KINDS.values())]  # torch loads the second late
SIZE = (48, 64)
TRUNK = MobileNetV2(resolution=SIZE, stem=8, rows=((1, 8, 1, 1), (3, 16, 1, 2), (3, 24, 2, 2), (3, 32, 2, 2)), last=48)
SMALL = preset("brief", rows=((2, 8, 1, 2),), stem=8, last=16, dropout=0.3)


def case(name, folder, epochs=3):
    """Variant, recipe and data of a task; its data are drawn into `folder` if they are not there."""
    tiny = Recipe(name="tiny", epochs=epochs, batch=16, validation=40)
    if name in ("classification", "low precision"):
        recipe = tiny if name == "classification" else QuantisedRecipe(training=tiny, bits=(8,), calibration=20)
        return SMALL, recipe, load_dataset("synthetic", train=120, test=40)
    place, checks = folder / name, max(2, epochs // 20)
    if not place.exists():
        (write_pictures if name == "detection" else write_scenes)(place, size=SIZE)
    if name == "detection":
        variant = SSD(TRUNK, lite=True, classes=2, extras=(32,), anchors=(6, 6, 6))
        recipe = DetectionRecipe(epochs=epochs, batch=4, check_every=checks)
        return variant, recipe, load_detection(place, SIZE, SHAPES, "drawn")
    variant = DeepLabV3(TRUNK, output_stride=8, aspp=False, depth=16, classes=3, dropout=0.3)
    recipe = SegmentationRecipe(epochs=epochs, batch=4, crop=(32, 48), check_every=checks, multi_scale=True)
    return variant, recipe, load_segmentation(place, SIZE, CLASSES, "drawn")


def noted(path, pause):
    """Within the block each step of a trial takes at least `pause` seconds, and is noted with its time in a file."""

    def note(step, planned):
        with path.open("a") as file:
            file.write(f"{step} {time.monotonic()}\n")
        time.sleep(pause)

    return mock.patch("analysis.trials.run.fit", partial(fit, progress=note))


def notes(path) -> list[tuple[int, float]]:
    """The steps in a file of `noted` with their times; a last line that is cut is left out."""
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return [(int(step), float(at)) for step, at in map(str.split, lines)]


def run_case(name, folder, epochs, every, path, pause):
    """Run the trial of a task with a checkpoint in `folder`, noted in `path`; store its record in `folder`."""
    torch.set_num_threads(1)
    variant, recipe, data = case(name, folder, epochs)
    trial = Trial(variant.text, recipe.text, data.name, data.digest, 3)
    with noted(path, pause):
        record = run_on(data, trial, checkpoint=Checkpoint(checkpoint_path(folder, trial), trial.id, every))
    Store(folder / "store").write(record)


def started(*arguments):
    """A process that runs `run_case`. It is forked from one that has torch loaded, hence there at once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    folders = [str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    with mock.patch.dict(os.environ, PYTHONPATH=os.pathsep.join(folders)):
        process = context.Process(target=run_case, args=arguments)
        process.start()
    return process


def comparable(record: Record):
    """What two runs of a trial have in common: all but seconds, attempts and provenance."""
    epochs = [{**epoch, "seconds": None} for epoch in record.result["epochs"]]
    return record.trial, record.status, record.note, record.error, {**record.result, "epochs": epochs}


def write_cifar(folder):
    """CIFAR-10 of 40 + 8 random images in its binary layout."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    for name in (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch"):
        records = random.integers(0, 256, (8, 3073), np.uint8)
        records[:, 0] %= 10
        (folder / f"{name}.bin").write_bytes(records.tobytes())
    return folder


def cifar_trials(folder, epochs):
    """Two trials on the data in `folder`, of three steps an epoch."""
    recipe = Recipe(name="tiny", epochs=epochs, batch=8, validation=16)
    digest = load_dataset("cifar10", folder).digest
    return [Trial(SMALL.text, recipe.text, "cifar10", digest, seed) for seed in (0, 1)]


def run_paced(folder: Path, pause: float, trial: Trial, way: Way) -> Record:
    """`run_trial` in a process that leaves a mark; steps are noted in `folder`/ID."""
    (folder / "marks").mkdir(exist_ok=True)
    (folder / "marks" / str(os.getpid())).touch()
    with noted(folder / trial.id, pause):
        return run_trial(trial, way)


DRIVER = """
from functools import partial
from pathlib import Path
import tiny_trials
from analysis.trials import Store
from analysis.trials.executors.local import local
from analysis.trials.sweep import sweep
from analysis.trials.worker import Way
folder = Path({folder!r})
way = Way({cifar!r}, checkpoints=folder / "checkpoints", every={every})
run = partial(tiny_trials.run_paced, folder, {pause}, way=way)
trials = tiny_trials.cifar_trials({cifar!r}, {epochs})
try:
    sweep(trials, Store(folder / "store"), local(run, {jobs}))
except KeyboardInterrupt:  # as the command line does
    raise SystemExit(130) from None
"""


def driver(
    folder: Path, cifar: Path, *, jobs: int, epochs: int, pause: float, every: float = 1000.0
) -> subprocess.Popen:
    """A sweep over `cifar_trials` on the data in `cifar`, in its own process group; its files lie in `folder`."""
    script = DRIVER.format(folder=str(folder), cifar=str(cifar), jobs=jobs, epochs=epochs, pause=pause, every=every)
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    environ = os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-c", script], env=environ, start_new_session=True, **pipes)
