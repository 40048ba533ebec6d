"""What a module holds, registered or not, is found once; a copy shares nothing that a run changes."""

import functools

import pytest
import torch
from odd_modules import PlainDict, PlainList, base
from torch import nn

from analysis.nn.reachable import modules_of, parameters_of, reachable, twin


class Holds(nn.Module):
    def __init__(self, what):
        super().__init__()
        self.what = what


def closure(net):
    return lambda x: net(x)


class Plain:
    def __init__(self, net):
        self.net = net


class Slotted:
    __slots__ = "net"

    def __init__(self, net):
        self.net = net


HOLDERS = {
    "list": lambda net: [net],
    "nested": lambda net: {"a": [(net,)]},
    "set": lambda net: {net},
    "partial": lambda net: functools.partial(print, net),
    "method": lambda net: net.forward,
    "closure": closure,
    "object": Plain,
    "module": Holds,
    "slots": lambda net: Slotted(net),
    "list of modules": lambda net: nn.ModuleList([net]),
}


@pytest.mark.parametrize("holder", HOLDERS)
def test_modules_are_found_wherever_they_are(holder):
    net = base()
    found = modules_of(Holds(HOLDERS[holder](net)))
    assert sum(each is net for each in found) == 1
    assert all(any(part is each for each in found) for part in net)
    assert parameters_of(Holds(HOLDERS[holder](net)))[0] == sum(p.numel() for p in net.parameters())


def test_a_circle_ends_and_a_path_is_said():
    module = Holds([])
    module.what.append(module.what)
    module.what.append({"weight": torch.zeros(2)})
    assert [path for path, each in reachable(module) if isinstance(each, torch.Tensor)] == ["what.1.weight"]


def test_parameters_count_once():
    shared = nn.Linear(4, 4, False)
    tied = nn.Linear(4, 4, False)
    tied.weight = shared.weight
    assert parameters_of(nn.Sequential(shared, shared, tied, Holds([shared, tied.weight])))[0] == 16


@pytest.mark.parametrize(
    "made", [PlainList, PlainDict, lambda: Holds([torch.zeros(2)]), lambda: Holds(nn.Parameter(W))]
)
def test_a_copy_shares_no_tensor(made):
    module = made()
    copied = twin(module)
    first, second = ({id(t) for _, t in reachable(m) if isinstance(t, torch.Tensor)} for m in (module, copied))
    assert first and not first & second


W = torch.ones(3)


def test_a_tensor_that_others_were_computed_from_is_copied():
    module = Holds(torch.ones(3, requires_grad=True) * 2)
    assert torch.equal(twin(module).what, module.what)


def uses_a_global():
    return W


def test_globals_and_defaults_are_reached_by_code_alone():
    net = base()

    def run(x, part=net):
        return part(x), [uses_a_global() for _ in x]

    assert not modules_of(Holds(run))[1:]
    assert sum(part is net for part in modules_of(Holds(run), code=True)) == 1
    assert any(each is W for _, each in reachable(run, code=True))
    assert not any(each is W for _, each in reachable(run))


def test_parameters_that_a_run_used_count_once():
    module, other = nn.Linear(4, 4), nn.Parameter(torch.zeros(5))
    assert parameters_of(module, [module.weight, nn.Parameter(module.bias), other])[0] == 25
