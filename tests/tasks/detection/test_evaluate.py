"""What a detector finds: candidates by score, doubles suppressed, and which of them are shown."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.data.boxes import Pictures
from analysis.tasks.detection.boxes import decode
from analysis.tasks.detection.evaluate import ShownBoxes, chosen, detect, show
from analysis.tasks.detection.score import Detections

LEFT, RIGHT = [0.0, 0.0, 0.4, 0.4], [0.6, 0.6, 1.0, 1.0]


def test_doubles_of_a_class_are_suppressed_and_best_scores_come_first():
    boxes = torch.tensor([LEFT, [0.0, 0.0, 0.4, 0.39], RIGHT])
    probability = torch.tensor([[0.5, 0.2], [0.6, 0.0], [0.005, 0.7]])
    found = chosen(boxes, probability)
    assert found.labels.tolist() == [1, 0, 1]
    assert np.allclose(found.scores, [0.7, 0.6, 0.2])  # 0.5 is a double of 0.6, and 0.005 is too little
    assert np.allclose(found.boxes, [RIGHT, [0.0, 0.0, 0.4, 0.39], LEFT])


@given(st.integers(0, 99))
def test_at_most_a_hundred_stay_of_the_best_four_hundred(seed):
    random = torch.Generator().manual_seed(seed)
    corner = torch.rand(600, 2, generator=random)
    boxes = torch.cat([corner, corner + 1e-4], 1)  # so small that none overlaps another
    probability = torch.rand(600, 2, generator=random) * 0.5 + 0.02
    found = chosen(boxes, probability)
    best = probability.flatten().sort(descending=True).values[:100]
    assert np.allclose(found.scores, best)
    assert not len(chosen(boxes, probability * 0.001).scores)


def test_a_network_in_batches_finds_what_it_finds_at_once(monkeypatch):
    """Offsets and scores are functions of the image here, so that a mix-up of images would show."""
    anchors = torch.tensor([[0.3, 0.3, 0.2, 0.2], [0.7, 0.7, 0.2, 0.2]])
    seen = []

    def flat(outputs, classes):
        mean = outputs.mean((1, 2, 3))
        offsets = mean[:, None, None].expand(-1, 2, 4) / 10
        scores = torch.stack([mean, -mean, torch.zeros_like(mean)], 1)[:, None].expand(-1, 2, 3)
        return offsets, scores

    class Network:
        def eval(self):
            seen.append("eval")

        def __call__(self, images):
            seen.append(len(images))
            return images

    monkeypatch.setattr("analysis.tasks.detection.evaluate.flatten", flat)
    images = np.random.default_rng(0).integers(0, 256, (5, 4, 4, 3), np.uint8)
    pictures = Pictures(images, [np.empty((0, 4))] * 5, [np.empty(0)] * 5)

    class Data:
        classes, mean, std = ("a", "b"), (100.0,) * 3, (50.0,) * 3

    at_once, by_two = (list(detect(Network(), pictures, Data(), anchors, batch)) for batch in (8, 2))
    assert seen == ["eval", 5, "eval", 2, 2, 1]
    for one, other, image in zip(at_once, by_two, images, strict=True):
        assert all(np.allclose(a, b) for a, b in zip(one, other, strict=True))
        mean = float((image.astype(float).mean() - 100) / 50)
        expected = decode(torch.full((1, 2, 4), mean / 10), anchors)[0].clamp(0, 1)
        best = expected[0] if len(one.boxes) == 1 else expected
        assert np.isin(np.round(one.boxes, 4), np.round(best.numpy(), 4)).all()
        assert one.labels[0] == (0 if mean > 0 else 1)


def test_what_is_shown_is_rounded_and_has_a_score():
    found = [Detections(np.tile(np.float32([0.1, 0.2, 0.3, 1 / 3]), (3, 1)), np.arange(3), np.float32([0.9, 0.4, 0.1]))]
    (shown,) = show(found)
    assert shown == ShownBoxes(0, ((0.1, 0.2, 0.3, 0.3333),) * 2, (0, 1), (0.9, 0.4))
    nothing = Detections(np.empty((0, 4), np.float32), np.empty(0, np.int64), np.empty(0, np.float32))
    assert [each.place for each in show([nothing] * 72)] == [12, 36, 60]
    assert show([nothing]) == (ShownBoxes(0, (), (), ()),)
