"""Arithmetic of boxes against brute force on random cases, empty ones among them."""

import math

import pytest
import torch
from grid_boxes import box_lists, shared
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.tasks.detection.boxes import centres, corners, decode, encode, overlap, suppress


def tensor(boxes):
    return torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4)


@given(box_lists(), box_lists())
@example([], [])
@example([(0, 0, 0, 0)], [(0, 0, 0, 0), (0, 0, 1, 1)])
def test_overlap_is_that_of_sets_of_cells(a, b):
    found = overlap(tensor(a), tensor(b))
    assert found.shape == (len(a), len(b))
    for i, j in torch.cartesian_prod(torch.arange(len(a)), torch.arange(len(b))).tolist():
        assert found[i, j].item() == pytest.approx(shared(a[i], b[j]), abs=1e-6)


@given(box_lists(), st.sampled_from([0.0, 0.3, 0.45, 0.5, 1.0]), st.randoms(use_true_random=False))
@example([(0, 0, 1, 1)] * 3, 0.5, None)
@example([], 0.5, None)
def test_suppression_is_greedy(boxes, most, random):
    labels = [random.randrange(2) if random else 0 for _ in boxes]
    scores = [random.randrange(4) / 4 if random else 0.5 for _ in boxes]  # equal ones among them
    left, kept = sorted(range(len(boxes)), key=lambda i: -scores[i]), []
    while left:
        best = left.pop(0)
        kept.append(best)
        left = [i for i in left if labels[i] != labels[best] or shared(boxes[i], boxes[best]) <= most + 1e-9]
    found = suppress(tensor(boxes), torch.tensor(scores), torch.tensor(labels, dtype=torch.int64), most)
    assert found.tolist() == kept


@given(st.lists(st.tuples(*[st.floats(0.02, 0.98)] * 4), max_size=6), st.integers(0, 99))
def test_offsets_are_those_of_the_formula_and_decode_to_the_boxes(rows, seed):
    boxes = tensor([(x - x * w / 2, y - y * h / 2, x + x * w / 2, y + y * h / 2) for x, y, w, h in rows])
    anchors = torch.rand(len(boxes), 4, generator=torch.Generator().manual_seed(seed)) * 0.9 + 0.05
    offsets = encode(boxes, anchors)
    for offset, box, (x, y, w, h) in zip(offsets.tolist(), boxes.tolist(), anchors.tolist(), strict=True):
        left, top, right, bottom = box
        expected = [
            ((left + right) / 2 - x) / w / 0.1,
            ((top + bottom) / 2 - y) / h / 0.1,
            math.log((right - left) / w) / 0.2,
            math.log((bottom - top) / h) / 0.2,
        ]
        assert offset == pytest.approx(expected, rel=1e-3, abs=1e-3)
    assert torch.allclose(decode(offsets, anchors), boxes, atol=1e-5)
    assert torch.allclose(corners(centres(boxes)), boxes, atol=1e-6)


def test_offsets_without_bound_decode_to_finite_boxes():
    anchors = torch.tensor([[0.5, 0.5, 0.2, 0.2]])
    assert decode(torch.full((1, 4), 1e6), anchors).isfinite().all()
    assert torch.allclose(decode(torch.zeros(1, 4), anchors), torch.tensor([[0.4, 0.4, 0.6, 0.6]]))
