"""What a training step could reach, and where its time goes: parts that are named and add up."""

import pytest
import torch

from analysis.arch import preset, unroll
from analysis.cost import count
from experiments.benches import step as bench_step
from experiments.benches.step import matrix_peaks, training_madds
from experiments.benches.train import CASES


@pytest.fixture(autouse=True)
def one_thread():
    """The benchmark sets the number of threads."""
    threads = torch.get_num_threads()
    yield
    torch.set_num_threads(threads)


def test_the_parts_of_a_step_are_named_and_add_up(kernels):
    times = bench_step.time_by_operator("brief", steps=1)
    assert {"pointwise", "expand_depthwise_backward", "torch's operators", "else"} <= set(times)
    assert all(milliseconds >= 0 for milliseconds in times.values())
    named = [milliseconds for name, milliseconds in times.items() if name != "else"]
    assert named == sorted(named, reverse=True)
    assert list(times)[-1] == "else"


@pytest.mark.parametrize("case", CASES)
def test_a_step_multiplies_three_times_as_much_as_a_forward_pass(case):
    name, width = CASES[case]
    assert training_madds(case) == 3 * count(unroll(preset(name, width=width))).madds


def test_matrix_peaks_are_of_both_types_and_on_one_thread():
    torch.set_num_threads(2)
    peaks = matrix_peaks(0.01)
    assert set(peaks) == {"float32", "bfloat16"}
    assert all(peak > 0.01 for peak in peaks.values())
    assert torch.get_num_threads() == 1
