"""A ReLU6 on trained bottlenecks: the scores of a network that has it, and variance by hand."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from analysis.data.labelled import find_labelled
from analysis.nn.published.read import read_published
from experiments.measurements.imagenet import bends, measure
from experiments.measurements.imagenet.rows import stored


def test_all_bent_is_the_variant_with_a_relu6_projection(measured):
    path = measured[2][0]
    one = read_published(path)
    other = replace(one, variant=replace(one.variant, projection="relu6"))
    shown = measure.show(find_labelled(*measured[1]), measure.Look(32))
    (images,) = measure.batches(shown.images, one)
    network = one.network()
    with torch.inference_mode():
        inputs = bends._inputs(network, images)
        torch.testing.assert_close(bends._scores(network, inputs, images, ""), network(images))
        torch.testing.assert_close(bends._scores(network, inputs, images, "all"), other.network()(images))
        one_block = bends._scores(network, inputs, images, "bottleneck2")
    assert not torch.allclose(one_block, network(images)) and not torch.allclose(one_block, other.network()(images))


def test_what_is_lost_by_hand():
    rng = np.random.default_rng(0)
    inside = 1 + 4 * rng.random((8, 10, 2))
    channels, negative, above, alone, together = bends._destroyed(inside)
    assert (channels, negative, above) == (2, 0, 0) and abs(alone) < 1e-9 and abs(together) < 1e-6
    same = np.repeat(rng.standard_normal((40, 20, 1)), 2, axis=2) * np.array([1.0, -1.0])
    _, negative, _, alone, together = bends._destroyed(same)
    assert negative == pytest.approx(0.5) and alone == pytest.approx(1 - 0.5 / (1 - 1 / np.pi), abs=0.03)
    assert together < 0.01  # what one channel loses, the other keeps


def test_rows_have_every_block_and_all(measured):
    rows = [row for row in stored(measured[0])[0].rows.bent if row.network == "other"]
    assert [row.block for row in rows] == [*(f"bottleneck{i}" for i in range(1, 5)), "all"]
    assert all(row.images == 4 and len(row.answers) == 4 for row in rows) and rows[-1].channels == 0
    one = read_published(measured[2][0])
    bare = replace(one, variant=replace(one.variant, features=(len(one.variant.rows) - 1,)),
                   state={k: v for k, v in one.state.items() if not k.startswith("head")})  # fmt: skip
    shown = measure.show(find_labelled(*measured[1]), measure.Look(32))
    without = bends.bent("a", bare, shown)
    assert [row.block for row in without] == [f"bottleneck{i}" for i in range(1, 5)]
    assert all(row.right == -1 and row.answers == "" for row in without)
