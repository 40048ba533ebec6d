"""Layers that a module does not hold itself, in globals, classes, defaults, hooks, slots: counted, and left as they
were."""

import numpy as np
import pytest
import torch
from odd_modules import BASE, base, same, state
from torch import nn

from analysis.nn.measure import measure, random_input

X = random_input((1, 3, 8, 8))
GLOBAL, IN_CLASS, IN_DEFAULT, IN_LIST = (base() for _ in range(4))
SCALE = torch.ones(1)


class Global(nn.Module):
    def forward(self, x):
        SCALE.add_(1)
        return GLOBAL(x * SCALE)


class InAList(nn.Module):
    def forward(self, x):
        return next(layers[0](x) for layers in ([IN_LIST],))


class InClass(nn.Module):
    net = IN_CLASS

    def forward(self, x):
        return type(self).net(x)


class InDefault(nn.Module):
    def forward(self, x, net=IN_DEFAULT):
        return net(x)


class ByFunction(nn.Module):
    def forward(self, x):
        return helper(x)


def helper(x):
    return GLOBAL(x)


class Slots:
    __slots__ = ("__dict__", "net")

    def __init__(self, net):
        self.net = net


class InSlots(nn.Module):
    def __init__(self):
        super().__init__()
        self.held = Slots(base())

    def forward(self, x):
        return self.held.net(x)


class InIterator(nn.Module):
    """Cannot be looked into. The parameters are seen as they are used."""

    def __init__(self):
        super().__init__()
        self.nets = iter([base()])

    def forward(self, x):
        return next(self.nets)(x)


class InHook(nn.Identity):
    def __init__(self, net):
        super().__init__()
        self.register_forward_hook(lambda module, inputs, output: net(output))


HOOKED = base()
OUTSIDE = {
    "global": (Global, GLOBAL),
    "in a list": (InAList, IN_LIST),
    "in the class": (InClass, IN_CLASS),
    "default": (InDefault, IN_DEFAULT),
    "by a function": (ByFunction, GLOBAL),
    "in a hook": (lambda: InHook(HOOKED), HOOKED),
}


@pytest.mark.parametrize("kind", OUTSIDE)
def test_layers_elsewhere_are_counted_and_left_as_they_were(kind):
    make, net = OUTSIDE[kind]
    before = state(net)
    measured = measure(make(), X)
    assert (measured.madds, measured.params, measured.norm) == (*BASE, 512)
    assert same(before, state(net)) and net.training
    assert SCALE.item() == 1


@pytest.mark.parametrize("make", [InSlots, InIterator])
def test_layers_in_slots_and_iterators_are_counted(make):
    module = make()
    measured = measure(module, X)
    assert (measured.madds, measured.params) == BASE
    if make is InSlots:
        assert module.held.net.training and int(module.held.net[1].num_batches_tracked) == 0


class Numpy(nn.Module):
    """Weights and arithmetic of another library."""

    def __init__(self, how):
        super().__init__()
        self.how, self.weights = how, np.ones((192, 4), np.float32)

    def forward(self, x):
        return torch.from_numpy(self.how(x.flatten(1)) @ self.weights)


@pytest.mark.parametrize("how", [torch.Tensor.numpy, np.asarray, np.from_dlpack])
def test_what_another_library_does_is_named(how):
    measured = measure(Numpy(how), X)
    assert measured.madds == 0
    assert "what is done with it is not seen" in measured.notes[0]
    assert measured.notes[1] == "not counted as parameters: weights (768 of float32 in numpy)"


@pytest.mark.filterwarnings("ignore")
def test_operators_that_torch_fused_are_named():
    """After two runs torch has a graph of its own for oneDNN, which a copy takes over."""
    torch.jit.enable_onednn_fusion(True)
    try:
        traced = torch.jit.freeze(torch.jit.trace(base().eval(), X))
        for _ in range(3):
            traced(X)
        measured = measure(traced, X)
    finally:
        torch.jit.enable_onednn_fusion(False)
    seen = measured.madds == BASE[0]
    assert seen or any("are not seen: prim::oneDNNFusionGroup" in note for note in measured.notes)


@pytest.mark.filterwarnings("ignore")
def test_an_optimised_part_of_a_module_is_named():
    part = torch.jit.optimize_for_inference(torch.jit.script(nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU()).eval()))
    for module in (nn.Sequential(part, nn.Conv2d(8, 4, 1)), nn.Sequential(nn.Sequential(part))):
        notes = measure(module, X).notes
        assert any(note.startswith("operators of oneDNN or fused ones are not seen: prim::") for note in notes)


def test_a_condition_counts_the_branch_that_runs():
    class Branches(nn.Module):
        def __init__(self):
            super().__init__()
            self.small, self.large = nn.Linear(192, 2), nn.Linear(192, 20)

        def forward(self, x):
            return torch.cond(x.sum() < 1e9, self.small, self.large, (x.flatten(1),))

    made = torch.export.export(Branches().eval(), (X,)).module() if hasattr(torch, "cond") else Branches()
    assert measure(made, X).madds == 192 * 2
