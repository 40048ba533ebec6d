"""Matching, hard negatives and losses against their definitions, one anchor at a time."""

import math

import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.tasks.detection.boxes import corners, encode, overlap
from analysis.tasks.detection.loss import detection_loss, hardest, masked_loss, masked_targets, match, targets

SEEDS = st.integers(0, 10**6)


def random_boxes(generator, count):
    edges = torch.rand(count, 2, 2, generator=generator).sort(1).values
    return edges.flatten(1)  # left, top, right, bottom


def random_anchors(generator, count):
    return torch.rand(count, 4, generator=generator) * 0.6 + 0.2


@given(SEEDS, st.integers(0, 6), st.integers(1, 12), st.sampled_from([0.3, 0.5, 0.9]))
@example(0, 0, 5, 0.5)
def test_anchors_are_matched_as_the_rule_says(seed, boxes, anchors, least):
    generator = torch.Generator().manual_seed(seed)
    truths, places = random_boxes(generator, boxes), random_anchors(generator, anchors)
    shared = overlap(truths, corners(places)).tolist()
    expected = []
    for a in range(anchors):
        column = [row[a] for row in shared]
        claims = [t for t in range(boxes) if shared[t][a] > 0 and max(shared[t]) == shared[t][a]]
        candidates = claims or [t for t in range(boxes) if column[t] >= least]
        expected.append(max(candidates, key=lambda t: column[t]) if candidates else -1)
    assert match(truths, places, least).tolist() == expected


def test_a_truth_far_from_every_anchor_is_not_matched():
    anchors = torch.tensor([[0.2, 0.2, 0.1, 0.1], [0.2, 0.3, 0.1, 0.1]])
    assert match(torch.tensor([[0.8, 0.8, 0.9, 0.9]]), anchors).tolist() == [-1, -1]


def test_targets_are_encoded_truths_and_background():
    generator = torch.Generator().manual_seed(3)
    places = random_anchors(generator, 9)
    boxes, labels = [random_boxes(generator, 3), torch.empty(0, 4)], [torch.tensor([2, 0, 1]), torch.empty(0).long()]
    offsets, wanted = targets(boxes, labels, places, 3)
    truth = match(boxes[0], places)
    assert 0 < int((truth >= 0).sum()) < 9
    for a in range(9):
        if truth[a] >= 0:
            assert wanted[0, a] == labels[0][truth[a]]
            assert torch.equal(offsets[0, a], encode(boxes[0][truth[a]][None], places[a][None])[0])
        else:
            assert wanted[0, a] == 3
            assert not offsets[0, a].any()
    assert (wanted[1] == 3).all()
    assert not offsets[1].any()


@given(SEEDS, st.integers(0, 5), st.integers(0, 5))
@example(0, 0, 0)  # no truth in either image
def test_loss_is_that_of_matched_anchors_and_three_hardest_each(seed, first, second):
    generator = torch.Generator().manual_seed(seed)
    n, a, k = 2, 12, 2
    offsets = torch.randn(n, a, 4, generator=generator) * 2
    scores = torch.randn(n, a, k + 1, generator=generator)
    wanted = torch.full((n, a), k)
    for image, count in enumerate((first, second)):
        wanted[image, torch.randperm(a, generator=generator)[:count]] = image % k
    aims = torch.randn(n, a, 4, generator=generator)
    total, matched = 0.0, 0
    for image in range(n):
        losses = []
        for anchor in range(a):
            values = scores[image, anchor].double().tolist()
            losses.append(math.log(sum(map(math.exp, values))) - values[int(wanted[image, anchor])])
        mine = [anchor for anchor in range(a) if wanted[image, anchor] < k]
        rest = sorted((losses[anchor] for anchor in range(a) if anchor not in mine), reverse=True)
        total += sum(losses[anchor] for anchor in mine) + sum(rest[: 3 * max(1, len(mine))])
        for anchor in mine:
            for x in (offsets - aims)[image, anchor].double().tolist():
                total += x * x / 2 if abs(x) < 1 else abs(x) - 0.5
        matched += len(mine)
    loss = detection_loss(offsets, scores, (aims, wanted))
    assert loss.item() == pytest.approx(total / max(1, matched), rel=1e-4)


def test_hard_negatives_never_include_a_matched_anchor():
    losses = torch.tensor([[9.0, 8.0, 7.0, 6.0, 5.0], [1.0, 2.0, 3.0, 4.0, 5.0]])
    matched = torch.tensor([[True, True, False, False, False], [False] * 5])
    assert hardest(losses, matched).tolist() == [[False, False, True, True, True], [False, False, True, True, True]]


def test_a_batch_without_truths_teaches_background_alone():
    offsets, scores = torch.zeros(2, 5, 4, requires_grad=True), torch.zeros(2, 5, 3, requires_grad=True)
    aims = targets([torch.empty(0, 4)] * 2, [torch.empty(0).long()] * 2, random_anchors(torch.Generator(), 5), 2)
    loss = detection_loss(offsets, scores, aims)
    assert loss.item() == pytest.approx(6 * math.log(3), rel=1e-5)  # three an image
    loss.backward()
    assert offsets.grad is not None
    assert scores.grad is not None
    assert not offsets.grad.any()
    assert scores.grad[..., 2].sum() < 0 < scores.grad[..., :2].sum()


@given(SEEDS, st.lists(st.integers(0, 4), min_size=1, max_size=3), st.sampled_from([0.3, 0.5]))
@example(0, [0, 0], 0.5)
def test_the_masked_form_of_accelerators_says_what_that_of_cpus_does(seed, counts, least):
    """The same aims; the loss and its gradients within rounding."""
    generator, k = torch.Generator().manual_seed(seed), 2
    places = random_anchors(generator, 12)
    boxes = [random_boxes(generator, n) for n in counts]
    labels = [torch.randint(k, (n,), generator=generator) for n in counts]
    filled, of = torch.zeros(len(counts), 5, 4), torch.zeros(len(counts), 5, dtype=torch.int64)
    for i, (box, label) in enumerate(zip(boxes, labels, strict=True)):
        filled[i, : len(box)], of[i, : len(box)] = box, label
    plain, masked = targets(boxes, labels, places, k, least), masked_targets(filled, of, places, k, least)
    assert torch.equal(plain[0], masked[0])
    assert torch.equal(plain[1], masked[1])
    results = []
    for function, aims in ((detection_loss, plain), (masked_loss, masked)):
        outputs = torch.randn(len(counts), 12, 4 + k + 1, generator=torch.Generator().manual_seed(seed))
        outputs.requires_grad_()
        loss = function(outputs[..., :4], outputs[..., 4:], aims)
        loss.backward()
        results.append((loss.detach(), outputs.grad))
    for a, b in zip(*results, strict=True):
        assert torch.allclose(a, b, rtol=1e-5, atol=1e-6)
