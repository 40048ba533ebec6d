"""The benchmark of training steps: what it makes of its measurements, and that its parts run."""

import pytest
import torch

from experiments.benches import train as bench_train
from experiments.benches.train import Configuration, Rate


@pytest.fixture(autouse=True)
def one_thread():
    """The benchmark sets the number of threads."""
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def test_ratios_are_taken_within_a_round():
    plain, eager, fused = (Configuration(loop, 1, 1) for loop in ("plain", "eager", "fused"))
    rates = {
        plain: [Rate(10, 9), Rate(20, 9), Rate(5, 9)],
        eager: [Rate(20, 20), Rate(40, 20), Rate(10, 20)],
        fused: [Rate(50, 60), Rate(120, 70), Rate(30, 80)],
    }
    rows = {row["configuration"]: row for row in bench_train.summary(rates)}
    row = rows[fused.label]
    assert (row["images/s"], row["lowest"], row["highest"], row["images/processor s"]) == (50, 30, 120, 70)
    assert (row["to plain"], row["to best eager"]) == (6, 3)
    assert rows[plain.label]["to plain"] == 1


class Wire:
    """A connection that asks for two turns of a hundredth of a second, then for the end."""

    def __init__(self):
        self.questions, self.answers = [0.01, 0.01, None], []

    def recv(self):
        return self.questions.pop(0)

    def send(self, answer):
        self.answers.append(answer)


def test_a_process_trains_and_answers_with_its_rates(kernels):
    wire = Wire()
    bench_train.serve(wire, "fused", "brief", 1.0, 1)
    ready, *rates = wire.answers
    assert ready is None
    assert len(rates) == 2
    assert all(rate.wall > 0 and rate.processor > 0 for rate in rates)
