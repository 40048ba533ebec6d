"""Training on drawn scenes: it learns them by heart, the same each time, and keeps off the test split."""

import dataclasses

import numpy as np
import pytest
import torch
from scenes import CLASSES, write_scenes

from analysis.arch import preset, unroll
from analysis.arch.deeplab import DeepLabV3, passes
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.data.finished import Finished, TestSplit
from analysis.data.masks import Scenes, load_segmentation
from analysis.nn import Network, build, initialise
from analysis.nn.checkpoint import Origin, save_checkpoint
from analysis.nn.transfer import start_from
from analysis.problem import Problem
from analysis.tasks.segmentation.baselines import commonest_by_place, commonest_class, evaluate_guess
from analysis.tasks.segmentation.batches import training_batches
from analysis.tasks.segmentation.evaluate import evaluate, predict, sharing, unpacked
from analysis.tasks.segmentation.learner import TASK
from analysis.tasks.segmentation.loss import pixel_loss
from analysis.tasks.segmentation.recipe import MULTI_SCALE, ONE_SIZE, SegmentationRecipe
from analysis.tasks.segmentation.score import class_iou, mean_iou
from analysis.tasks.task import fit
from analysis.training.streams import streams

ROWS = ((1, 8, 1, 1), (3, 16, 1, 2), (3, 24, 2, 2), (3, 32, 2, 2))  # total stride 16
SIZE = (48, 64)
TRUNK = MobileNetV2(resolution=SIZE, stem=8, rows=ROWS, rounding=1)
TINY = DeepLabV3(TRUNK, output_stride=8, aspp=False, depth=16, classes=3)
BRIEF = SegmentationRecipe(name="tiny", epochs=2, batch=4, crop=SIZE, check_every=1)

SCORES = ("test_score", "test_classes")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    torch.set_num_threads(1)
    return load_segmentation(write_scenes(tmp_path_factory.mktemp("data"), size=SIZE), SIZE, CLASSES)


def losses(result):
    return [epoch["train_loss"] for epoch in result["epochs"]]


def test_ten_images_are_learnt_by_heart(data):
    recipe = dataclasses.replace(
        BRIEF, epochs=100, batch=10, peak_rate=0.3, scales=(1.0, 1.0), flip=False, colour=0.0, check_every=100
    )
    network, _, result = fit(TASK, TINY, recipe, data, 0, read_test=False)[:3]
    assert [epoch["validation_iou"] is None for epoch in result["epochs"]] == 99 * [True] + [False]
    seen = Scenes(data.train_images, list(data.train_masks))
    learnt = evaluate([network], seen, data)
    assert mean_iou(learnt) > 0.94
    for guess in (commonest_class(data), commonest_by_place(data)):
        assert mean_iou(evaluate_guess(guess, seen, data)) < 0.6
    mirrored = np.diagonal(evaluate([network], seen, data, mirror=True)).sum() / learnt.sum()
    assert mirrored > 0.5  # mirror images were never trained on


def test_the_same_seed_gives_the_same_network(data):
    variant = dataclasses.replace(TINY, dropout=0.1)
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    (first, status, a), (again, _, b), (_, _, c) = (fit(TASK, variant, BRIEF, data, seed)[:3] for seed in (0, 0, 1))
    assert torch.equal(before, torch.random.get_rng_state())
    assert all(torch.equal(x, y) for x, y in zip(first.state_dict().values(), again.state_dict().values(), strict=True))
    assert [a[key] for key in SCORES] == [b[key] for key in SCORES]
    assert losses(a) == losses(b) != losses(c)
    assert (status, a["steps"], a["test_images"], a["start"]) == ("finished", 4, 2, "")
    known = [value for value in a["test_classes"] if value is not None]
    assert a["test_score"] == pytest.approx(sum(known) / len(known))


def test_a_recipe_may_ask_for_a_score_at_several_sizes_and_mirrored(data):
    plain = fit(TASK, TINY, BRIEF, data, 0).result
    assert (plain["readings"], plain["readings_by_class"]) == ({}, {})
    network, _, result = fit(TASK, TINY, dataclasses.replace(BRIEF, multi_scale=True), data, 0)[:3]
    assert (result["test_score"], result["test_classes"]) == (plain["test_score"], plain["test_classes"])
    matrix = evaluate(sharing(network, passes(TINY)[::2]), data.test.read(), data, mirror=True)
    assert result["readings"] == {ONE_SIZE: plain["test_score"], MULTI_SCALE: mean_iou(matrix)}
    assert result["readings_by_class"] == {ONE_SIZE: plain["test_classes"], MULTI_SCALE: class_iou(matrix)}


def test_the_test_split_is_read_once_after_the_last_step(data):
    events = []
    closed = dataclasses.replace(data, test=TestSplit(lambda: events.append("test") or data.test.read()))
    fit(TASK, TINY, BRIEF, closed, 0, progress=lambda step, _: events.append(step))
    assert events == [1, 2, 3, 4, "test"]
    fit(TASK, TINY, BRIEF, closed, 0, read_test=False)
    assert events == [1, 2, 3, 4, "test"]


def test_a_diverged_training_is_a_result_without_a_score(data):
    wild = dataclasses.replace(BRIEF, peak_rate=1e30, warmup=0.0, epochs=5)
    fitted = fit(TASK, dataclasses.replace(TINY, depth=4), wild, data, 0)
    result = fitted.result
    assert (fitted.status, result["test_score"]) == ("diverged", None)
    assert result["steps"] < 10


def test_what_cannot_be_trained_is_a_problem(data):
    with pytest.raises(Problem, match="has 21 classes, camvid has 3"):
        fit(TASK, dataclasses.replace(TINY, classes=21), BRIEF, data, 0)
    with pytest.raises(Problem, match="10 training images of camvid do not fill one batch of 11"):
        fit(TASK, TINY, dataclasses.replace(BRIEF, batch=11), data, 0)


def test_a_result_keeps_what_is_shown_and_what_sees_no_image(data):
    network, _, result = fit(TASK, TINY, BRIEF, data, 0)[:3]
    scenes = data.test(Finished(result["steps"], result["steps"]))
    assert [each["place"] for each in result["shown"]] == [0, 1]
    for each, mask in zip(result["shown"], predict([network], scenes, data), strict=True):
        assert np.array_equal(unpacked(each["mask"]), mask)
    guess = evaluate_guess(commonest_by_place(data), scenes, data)
    assert [each["name"] for each in result["blind"]] == ["commonest class", "commonest class by place"]
    assert (result["blind"][1]["score"], result["blind"][1]["classes"]) == (mean_iou(guess), class_iou(guess))


def test_the_trunk_may_start_from_a_classifier(data, tmp_path):
    classifier = build(unroll(dataclasses.replace(preset("brief"), stem=8, rows=ROWS, rounding=1)))
    initialise(classifier, 7)
    text = dataclasses.replace(preset("brief"), stem=8, rows=ROWS, rounding=1).text
    origin = Origin(text, "recipe()", "cifar10", "0", 7, "trained")
    path = save_checkpoint(tmp_path / "trained.safetensors", classifier, origin)
    network = build(unroll(TINY))
    found = start_from(network, path)
    trunk = [name for name in network.state_dict() if not name.startswith("head.")]
    assert found == (origin, tuple(trunk))
    assert all(torch.equal(network.state_dict()[name], classifier.state_dict()[name]) for name in trunk)
    result = fit(TASK, TINY, BRIEF, data, 0, start=path, read_test=False).result
    assert result["start"].startswith(f"{len(trunk)} tensors of mobilenet_v2(")
    with pytest.raises(Problem, match="no layer of"):
        start_from(build(unroll(dataclasses.replace(TINY, backbone=MobileNetV1(width=0.1, resolution=SIZE)))), path)
    early = save_checkpoint(tmp_path / "initial.safetensors", classifier, dataclasses.replace(origin, stage="initial"))
    with pytest.raises(Problem, match="holds initial weights"):
        start_from(network, early)


def step(network, data):
    """Loss and gradients of the first step of a training, in double precision."""
    initialise(network, 0)
    images, masks = next(training_batches(data, BRIEF, streams(0), SIZE))
    loss = pixel_loss(network.train()(images.double()), masks, torch.ones(3).double())
    loss.backward()
    return {"loss": loss.detach(), **{name: p.grad for name, p in network.named_parameters()}}


@pytest.mark.parametrize("trunk", [TRUNK, MobileNetV1(width=0.1, resolution=SIZE)])
@pytest.mark.parametrize(("output_stride", "aspp"), [(16, True), (8, False)])
def test_a_fused_step_is_an_eager_one(kernels, data, trunk, output_stride, aspp):
    from analysis.nn.fused.network import FusedNetwork

    plan = unroll(dataclasses.replace(TINY, backbone=trunk, output_stride=output_stride, aspp=aspp))
    expected, found = (step(network.double(), data) for network in (Network(plan), FusedNetwork(plan, torch.float64)))
    for name, value in expected.items():
        assert (found[name] - value).norm() < 1e-6 * (value.norm() + 1e-6), name


def test_training_heeds_the_backend(kernels, data):
    network, _, result = fit(TASK, TINY, BRIEF, data, 0, backend="fused")[:3]
    assert network.backend == "fused"
    eager = fit(TASK, TINY, BRIEF, data, 0).result
    assert losses(result)[0] == pytest.approx(losses(eager)[0], rel=0.2)  # maps in bfloat16
