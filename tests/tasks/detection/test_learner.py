"""Training on drawn pictures: it learns them by heart, the same each time, and keeps off the test split."""

import dataclasses

import pytest
import torch
from pictures import KINDS, write_pictures

from analysis.arch import preset, unroll
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.ssd import SSD
from analysis.data.boxes import load_detection
from analysis.data.finished import Finished, TestSplit
from analysis.nn import Network, build, initialise
from analysis.nn.checkpoint import Origin, save_checkpoint
from analysis.problem import Problem
from analysis.tasks.detection.anchors import anchors, flatten
from analysis.tasks.detection.baselines import usual_boxes
from analysis.tasks.detection.batches import training_batches
from analysis.tasks.detection.learner import TASK, calm, evaluate
from analysis.tasks.detection.loss import detection_loss, targets
from analysis.tasks.detection.recipe import DetectionRecipe
from analysis.tasks.detection.score import average_precision
from analysis.tasks.task import fit
from analysis.training.streams import streams

pytest.importorskip("pycocotools")
ROWS = ((1, 8, 1, 1), (3, 16, 1, 2), (3, 24, 1, 2), (3, 32, 1, 2))  # total stride 16
SIZE = (48, 64)
TRUNK = MobileNetV2(resolution=SIZE, stem=8, rows=ROWS, last=48, rounding=1)
TINY = SSD(TRUNK, lite=True, classes=2, extras=(32,), anchors=(6, 6, 6))
BRIEF = DetectionRecipe(name="tiny", epochs=2, batch=4, check_every=1)

SCORES = ("test_score", "test_mean", "test_classes")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    torch.set_num_threads(1)
    return load_detection(write_pictures(tmp_path_factory.mktemp("data"), size=SIZE), SIZE, KINDS, "drawn")


def losses(result):
    return [epoch["train_loss"] for epoch in result["epochs"]]


def test_ten_images_are_learnt_by_heart(data):
    recipe = dataclasses.replace(
        BRIEF, epochs=60, batch=10, peak_rate=0.1, zoom=(1.0, 1.0), flip=False, colour=0.0, check_every=60
    )
    network, _, result = fit(TASK, TINY, recipe, data, 0, read_test=False)[:3]
    assert [epoch["validation_ap"] is None for epoch in result["epochs"]] == 59 * [True] + [False]
    learnt = evaluate(network, data.train, data, anchors(TINY, recipe.anchor_scales))
    assert learnt.half > 0.97
    guess = average_precision(data.train, [usual_boxes(data.train, 2)] * 10, 2)
    assert guess.half < 0.5


def test_the_same_seed_gives_the_same_network(data):
    (first, status, a), (again, _, b), (_, _, c) = (fit(TASK, TINY, BRIEF, data, seed)[:3] for seed in (0, 0, 1))
    assert all(torch.equal(x, y) for x, y in zip(first.state_dict().values(), again.state_dict().values(), strict=True))
    assert [a[key] for key in SCORES] == [b[key] for key in SCORES]
    assert losses(a) == losses(b) != losses(c)
    assert (status, a["steps"], a["test_images"], a["start"]) == ("finished", 4, 2, "")


def test_the_test_split_is_read_once_after_the_last_step(data):
    events = []
    closed = dataclasses.replace(data, test=TestSplit(lambda: events.append("test") or data.test.read()))
    fit(TASK, TINY, BRIEF, closed, 0, progress=lambda step, _: events.append(step))
    assert events == [1, 2, 3, 4, "test"]
    fit(TASK, TINY, BRIEF, closed, 0, read_test=False)
    assert events == [1, 2, 3, 4, "test"]


def test_a_diverged_training_is_a_result_without_a_score(data):
    wild = dataclasses.replace(BRIEF, peak_rate=1e30, warmup=0.0, clip=1e30, epochs=5)
    fitted = fit(TASK, TINY, wild, data, 0)
    result = fitted.result
    assert (fitted.status, result["test_score"]) == ("diverged", None)
    assert result["steps"] < 10


def test_what_cannot_be_trained_is_a_problem(data):
    with pytest.raises(Problem, match="has 3 classes, drawn has 2"):
        fit(TASK, dataclasses.replace(TINY, classes=3), BRIEF, data, 0)
    larger = dataclasses.replace(TINY, backbone=dataclasses.replace(TRUNK, resolution=(96, 128)))
    with pytest.raises(Problem, match="drawn was loaded at"):
        fit(TASK, larger, BRIEF, data, 0)
    with pytest.raises(Problem, match="10 training images of drawn do not fill one batch of 11"):
        fit(TASK, TINY, dataclasses.replace(BRIEF, batch=11), data, 0)
    with pytest.raises(Problem, match="5 anchors a place"):
        fit(TASK, dataclasses.replace(TINY, anchors=(5, 6, 6)), BRIEF, data, 0)


def test_the_first_losses_are_those_of_scores_of_nothing(data):
    network = build(unroll(TINY))
    initialise(network, 0)
    calm(network)
    last = [module for _, module in network.named_modules() if getattr(module, "bias", None) is not None]
    weights = [module.weight for module in last if module.weight.dim() == 4]
    assert len(weights) == 6
    assert all(weight.std().item() == pytest.approx(0.01) for weight in weights)
    images = torch.randn(4, 3, *SIZE)
    assert all(output.abs().max() < 1 for output in network(images))


def step(network, data):
    """Loss and gradients of the first step of a training, in double precision."""
    initialise(network, 0)
    calm(network)
    images, boxes, labels = next(training_batches(data, BRIEF, streams(0), SIZE))
    offsets, wanted = targets(boxes, labels, anchors(TINY, BRIEF.anchor_scales), 2)
    loss = detection_loss(*flatten(network.train()(images.double()), 2), (offsets.double(), wanted))
    loss.backward()
    return {"loss": loss.detach(), **{name: p.grad for name, p in network.named_parameters()}}


@pytest.mark.parametrize("lite", [True, False])
@pytest.mark.parametrize("trunk", [TRUNK, MobileNetV1(width=0.1, resolution=SIZE, rows=((16, 2), (24, 2), (32, 2)))])
def test_a_fused_step_is_an_eager_one(kernels, data, trunk, lite):
    from analysis.nn.fused.network import FusedNetwork

    plan = unroll(dataclasses.replace(TINY, backbone=trunk, lite=lite))
    expected, found = (step(network.double(), data) for network in (Network(plan), FusedNetwork(plan, torch.float64)))
    for name, value in expected.items():
        assert (found[name] - value).norm() < 1e-6 * (value.norm() + 1e-6), name


def test_training_heeds_the_backend(kernels, data):
    network, _, result = fit(TASK, TINY, BRIEF, data, 0, backend="fused")[:3]
    assert network.backend == "fused"
    eager = fit(TASK, TINY, BRIEF, data, 0).result
    assert losses(result)[0] == pytest.approx(losses(eager)[0], rel=0.02)  # maps in bfloat16


def test_the_trunk_may_start_from_a_classifier(data, tmp_path):
    variant = dataclasses.replace(preset("brief"), stem=8, rows=ROWS, last=48, rounding=1)
    classifier = build(unroll(variant))
    initialise(classifier, 7)
    origin = Origin(variant.text, "recipe()", "cifar10", "0", 7, "trained")
    path = save_checkpoint(tmp_path / "trained.safetensors", classifier, origin)
    result = fit(TASK, TINY, BRIEF, data, 0, start=path, read_test=False).result
    shared = [name for name in classifier.state_dict() if not name.startswith("head.")]
    assert result["start"].startswith(f"{len(shared)} tensors of mobilenet_v2(")


def test_a_result_keeps_what_is_shown_and_what_sees_no_image(data):
    result = fit(TASK, TINY, BRIEF, data, 0).result
    pictures = data.test(Finished(result["steps"], result["steps"]))
    (guess,) = result["blind"]
    usual = average_precision(pictures, [usual_boxes(data.train, 2)] * 2, 2)
    assert (guess["name"], guess["score"], guess["classes"]) == ("usual boxes", usual.half, usual.classes)
    assert [each["place"] for each in result["shown"]] == [0, 1]
