"""The training step of every task on torch's device `meta`: a tensor left on the CPU raises there, and so does what
needs a value. Where a GPU is, whole trainings run on it."""

from itertools import islice

import numpy as np
import pytest
import torch
from strict import Elsewhere, only
from tiny_trials import TASKS, case

from analysis.tasks.classification.batches import HeldImages
from analysis.tasks.recipes import task
from analysis.tasks.task import fit, learner_on
from analysis.training.device import CPU, find_device
from analysis.training.optimiser import descent
from analysis.training.step import Step
from analysis.training.streams import seeded

META = torch.device("meta")


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    return {name: case(name, folder) for name in TASKS}


def learner(case, device, seed=3):
    variant, recipe, data = case
    return learner_on(device, task(recipe), variant, recipe, data, seed, "eager", None)


@pytest.mark.parametrize("name", TASKS)
def test_a_step_leaves_the_device_neither_for_a_tensor_nor_for_a_value(cases, name):
    made = learner(cases[name], META)
    optimizer, schedule = descent(made.network, made.recipe, 10)
    step, batches = Step(made, optimizer), list(islice(made.batches(), 2))
    made.network.train()
    for batch in batches:
        with only("meta") as seen:
            loss = step.loss(batch)
            step.descend(loss)
        schedule.step()
    assert (loss.shape, loss.device.type) == ((), "meta")
    # of the augmentation, the network, its gradient and the optimiser
    wanted = {"aten::index.Tensor", "aten::convolution", "aten::convolution_backward", "aten::_foreach_add_.List"}
    assert wanted <= seen.operators


@pytest.mark.parametrize("leave", ["anchors", "weights", "held"])
def test_what_is_left_on_the_cpu_is_found(cases, leave):
    made = learner(cases["detection" if leave == "anchors" else "segmentation"], META)
    if leave == "held":
        made.held = made.held._replace(masks=torch.zeros(made.held.masks.shape))
    else:
        setattr(made, leave, torch.zeros(getattr(made, leave).shape))
    with pytest.raises((Elsewhere, RuntimeError)), only("meta"):
        made.loss(next(iter(made.batches())))


def test_a_value_that_is_read_and_numbers_that_are_copied_are_found():
    there = torch.zeros(3, device=META)
    with pytest.raises(RuntimeError), only("meta"):
        there.sum().item()
    with pytest.raises(Elsewhere), only("meta"):
        there.add(there.new_tensor([1.0, 2.0, 3.0]))
    with pytest.raises(Elsewhere), only("meta"):
        there[torch.zeros(3, dtype=torch.bool)]
    with only("meta"):
        assert (there * 2 + 1).shape == (3,)


def accelerated(case, device):
    """A learner that computes on `device` as on an accelerator, with the images held there; on the CPU too."""
    made, (variant, recipe, data) = learner(case, device), case
    kind = type(learner(case, META).held)
    made.held = kind.of(*((data,) if kind is HeldImages else (data, recipe, variant.size)), device)
    return made


@pytest.mark.parametrize("name", TASKS)
def test_a_seed_sees_the_same_batches_on_every_device(cases, name):
    """In two epochs: images but for rounding, labels and masks exactly; and the losses of both ways agree."""
    here, there = learner(cases[name], CPU), accelerated(cases[name], CPU)
    _, recipe, data = cases[name]
    here.network.eval()  # no dropout, whose masks are another device's own
    there.network.eval()
    count = 0
    for _ in range(2):
        theirs = there.batches()
        plain, there_held = here.batches(), there.held
        for mine, drawn in zip(plain, theirs, strict=True):
            count += 1
            if name == "detection":
                images, boxes, labels = there_held.examples(drawn, data.size)
                for i, (box, label) in enumerate(zip(*mine[1:], strict=True)):
                    assert torch.equal(boxes[i, : len(box)], box)
                    assert torch.equal(labels[i, : len(label)], label)
                    assert not boxes[i, len(box) :].any()
            elif name == "segmentation":
                images, masks = there_held.examples(drawn, recipe.crop, len(data.classes))
                assert torch.equal(masks, mine[1])
            else:
                images, labels = there_held.examples(drawn, there.recipe.crop, there.size)
                assert torch.equal(labels, mine[1])
            levels = (images - mine[0]).abs() * torch.tensor(data.std)[:, None, None]  # of 256
            is_resized = name in ("detection", "segmentation")  # a CPU does that with weights of 16 bits
            assert float(levels.max()) < (3 if is_resized else 1e-3)
            assert float((levels > 0.1).float().mean()) < (0.05 if is_resized else 1e-9)
            assert images.is_contiguous(memory_format=torch.channels_last)
            with torch.no_grad():
                loss = float(there.loss(drawn))
                assert loss == pytest.approx(float(here.loss(mine)), rel=1e-2)  # pixels may be a level off
    assert count == 2 * recipe.steps(len(data.train_images)) // recipe.epochs


@pytest.mark.parametrize("name", TASKS)
def test_a_step_in_bfloat16_is_near_that_in_float32(cases, name):
    """With the CPU's own autocast in the place of a GPU's."""
    losses = {}
    for type_ in (torch.float32, torch.bfloat16):
        with seeded(3):  # the same dropout
            made = accelerated(cases[name], CPU)
            made.precision = type_
            loss = made.loss(next(iter(made.batches())))
        loss.backward()
        assert loss.dtype == torch.float32
        assert all(p.grad.dtype == torch.float32 and p.grad.isfinite().all() for p in made.network.parameters())
        losses[type_] = float(loss.detach())
    assert losses[torch.bfloat16] == pytest.approx(losses[torch.float32], rel=0.03)
    assert losses[torch.bfloat16] != losses[torch.float32]


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.cuda
def test_a_training_on_a_gpu_ends_near_that_on_a_cpu(cases, name):
    variant, recipe, data = cases[name]
    if name == "detection":
        pytest.importorskip("pycocotools")
    losses = {}
    for device in (CPU, find_device("cuda")):
        fitted = fit(task(recipe), variant, recipe, data, 3, backend="auto", device=device)
        assert fitted.status == "finished"
        losses[device.type] = [epoch["train_loss"] for epoch in fitted.result["epochs"]]
    assert np.allclose(losses["cpu"], losses["cuda"], rtol=0.2)


@pytest.mark.cuda
def test_a_step_does_not_wait_for_a_gpu(cases):
    device = find_device("cuda")
    for name in TASKS:
        with seeded(3, device):
            made = learner(cases[name], device)
        optimizer, _ = descent(made.network, made.recipe, 10)
        step, batch = Step(made, optimizer), next(iter(made.batches()))
        made.network.train()
        step.descend(step.loss(batch))  # libraries load
        torch.cuda.set_sync_debug_mode("error")
        try:
            step.descend(step.loss(batch))
        finally:
            torch.cuda.set_sync_debug_mode("default")
