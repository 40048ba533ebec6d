"""Steps are compared with float64 on a CPU: right ones agree, wrong ones do not."""

import pytest
import torch

from analysis.data.held import Held
from analysis.training.device import CPU
from experiments.benches import agreement
from experiments.benches.agreement import agreements, cases, doubled


def test_the_steps_of_this_cpu_agree():
    found = agreements(CPU)
    assert [(row.task, row.type) for row in found] == [(name, "float32") for name in cases()]
    assert all(row.agrees for row in found)
    assert all(0 < row.loss < 1e-4 and 0 < row.gradient < 0.1 for row in found)


@pytest.mark.parametrize("wrong", ["loss", "gradient"])
def test_a_step_that_computes_otherwise_does_not(monkeypatch, wrong):
    case = cases()["classification"]
    monkeypatch.setattr(agreement, "cases", lambda: {"classification": case})
    real = agreement.step

    def step(case, device, type_):
        loss, gradient = real(case, device, type_)
        if type_ == torch.float32:
            loss, gradient = (loss * 1.01, gradient) if wrong == "loss" else (loss, gradient.flip(0))
        return loss, gradient

    monkeypatch.setattr(agreement, "step", step)
    (row,) = agreements(CPU)
    assert not row.agrees


def test_floats_are_doubled_and_all_else_is_left():
    held = Held(torch.zeros(1), torch.zeros(1), torch.zeros(1))
    single, (whole, text), other = doubled((torch.zeros(2), [torch.zeros(2, dtype=torch.int64), "a"], held))
    assert (single.dtype, whole.dtype, text) == (torch.float64, torch.int64, "a")
    assert other is held


@pytest.mark.cuda
def test_the_steps_of_a_gpu_agree():
    assert all(row.agrees for row in agreements(torch.device("cuda", 0)))
