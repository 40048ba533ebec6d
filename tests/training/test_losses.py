"""Losses are read a few at a time, and what was read ends before the first that is not finite."""

import pytest
import torch

from analysis.training import losses as module
from analysis.training.losses import Losses

CPU, CUDA = torch.device("cpu"), torch.device("cuda")


def test_a_cpu_reads_each_as_it_comes():
    losses = Losses([5.0], CPU)
    assert losses.add(torch.tensor(0.1))
    assert losses.values == [5.0, torch.tensor(0.1).item()]
    assert not losses.add(torch.tensor(float("nan")))
    assert len(losses.values) == 2


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_an_accelerator_reads_every_so_many(monkeypatch, bad):
    monkeypatch.setattr(module, "EVERY", 4)
    losses = Losses([], CUDA)
    for step in range(3):
        assert losses.add(torch.tensor(float(step)))
        assert losses.values == []
    assert losses.add(torch.tensor(3.0))
    assert losses.values == [0, 1, 2, 3]
    assert losses.add(torch.tensor(bad))
    assert losses.add(torch.tensor(5.0))
    assert losses.values == [0, 1, 2, 3]
    assert not losses.read()
    assert losses.values == [0, 1, 2, 3]
    assert losses.read()  # nothing has come since


def test_a_loss_is_kept_without_what_made_it():
    losses, weight = Losses([], CUDA), torch.ones(1, requires_grad=True)
    losses.add((weight * 2).sum())
    assert losses._waiting[0].grad_fn is None
