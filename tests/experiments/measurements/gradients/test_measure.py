"""What is measured of a network are its own Jacobians and gradients, at the tensors that its shortcuts join."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from analysis.arch import preset, unroll
from analysis.data.cifar import load_dataset
from analysis.nn import build, initialise
from analysis.nn.jacobians import between, gradient_norms, jacobians, spectrum
from analysis.tasks.classification.recipe import Recipe
from experiments.measurements.gradients import measure
from experiments.measurements.gradients.rows import BETWEEN, BLOCK, REST, WITHIN

TINY = {"rows": ((None, 8, 3, 2),), "last": 16, "resolution": 16, "stem": 8}


def network(shortcut="none"):
    made = build(unroll(preset("brief", shortcut=shortcut, **TINY)))
    initialise(made, 0)
    return made


def batches(size=(16, 16)):
    data = load_dataset("synthetic", train=60, test=20)
    return measure.held_out(data, Recipe(batch=8, validation=40), size)


def test_held_out_images_are_brought_to_the_size_of_the_plan():
    found = batches()
    assert len(found) == 5
    assert found[0][0].shape == (8, 3, 16, 16) and found[0][1].shape == (8,)


def test_rows_are_the_spectra_of_the_jacobians_at_both_sites(monkeypatch):
    monkeypatch.setattr(measure, "LARGEST", 8 * 4 * 4)
    made, found = network(), batches()
    passed, gradients = measure.measured(made, (BETWEEN, WITHIN), found, 0.1, settled=False)
    spans = {(site, span, block) for _, site, span, block, *_ in passed}
    narrow = {(BETWEEN, REST, f"bottleneck{i}") for i in (1, 2)} | {(BETWEEN, BLOCK, f"bottleneck{i}") for i in (2, 3)}
    assert narrow == {each for each in spans if each[0] == BETWEEN}
    assert {each[1] for each in spans if each[0] == WITHIN} == {REST}  # expanded tensors are larger than LARGEST
    tensors = between(made.plan)
    name, last = tensors["bottleneck2"], tensors["bottleneck3"]
    expected = spectrum(jacobians(made, found[0][0][1], [name], last)[name])  # made is settled now
    (row,) = [row for row in passed if row[:4] == (1, BETWEEN, REST, "bottleneck2")]
    assert row[4:] == pytest.approx(expected)

    norms = gradient_norms(network(), found, lambda out, labels: cross_entropy(out, labels, label_smoothing=0.1))
    assert dict(gradients) == pytest.approx(norms)


def test_a_trained_network_keeps_its_running_statistics():
    made, found = network("bottleneck"), batches()
    before = {name: tensor.clone() for name, tensor in made.state_dict().items()}
    measure.measured(made, (BETWEEN,), found, 0.1, settled=True)
    assert all(torch.equal(before[name], tensor) for name, tensor in made.state_dict().items())
    measure.measured(made, (BETWEEN,), found, 0.1, settled=False)
    assert any(not torch.equal(before[name], tensor) for name, tensor in made.state_dict().items())
