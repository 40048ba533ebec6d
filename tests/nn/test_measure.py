"""A user's own module is counted by its operators and left as it was."""

import pytest
import torch
from torch import nn

from analysis.arch import preset, unroll
from analysis.cost import count
from analysis.nn import build
from analysis.nn.measure import load_module, measure, random_input
from analysis.problem import Problem


class Restless(nn.Module):
    """Changes whatever a careless counter lets it: a buffer, the random state; one part is frozen in eval mode."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(4, 8, 3, groups=2)
        self.norm = nn.BatchNorm2d(8)
        self.norm.eval()
        self.dropout = nn.Dropout(0.5)
        self.register_buffer("calls", torch.zeros(()))
        self.conv.register_forward_hook(lambda *_: None)

    def forward(self, x):
        self.calls += 1
        return torch.cumsum(self.dropout(self.norm(self.conv(x))) + torch.rand(()), 1)


def hooks(module):
    return [{key: list(v) for key, v in vars(part).items() if key.endswith("_hooks")} for part in module.modules()]


def test_counting_leaves_the_module_as_it_was():
    module = Restless()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    modes = [part.training for part in module.modules()]
    hooked, attributes = hooks(module), [sorted(vars(part)) for part in module.modules()]
    random_state = torch.get_rng_state()
    measured = measure(module, random_input((2, 4, 6, 6)))
    assert measured.madds == 2 * 8 * 4 * 4 * 2 * 9
    assert measured.uncounted == {"aten::rand": 1, "aten::cumsum": 1}
    assert torch.equal(torch.get_rng_state(), random_state)
    assert [part.training for part in module.modules()] == modes
    assert hooks(module) == hooked
    assert [sorted(vars(part)) for part in module.modules()] == attributes
    after = module.state_dict()
    assert list(after) == list(before)
    assert all(torch.equal(after[name], before[name]) for name in before)


@pytest.mark.parametrize("axes", [{"shortcut": "expansion"}, {"squeeze": 0.25, "gate": "sigmoid", "hidden": 8}])
def test_our_own_networks_measure_as_their_plans_count(axes):
    plan = unroll(preset("brief", **axes))
    cost, measured = count(plan), measure(build(plan), random_input((1, *plan.image)))
    for column in ("madds", "params", "norm", "activation", "addition", "pooling"):
        assert getattr(measured, column) == getattr(cost, column), column
    assert measured.uncounted == {}


def test_a_product_of_elements_counts_what_it_makes():
    class Gated(nn.Module):
        def forward(self, x):
            return x * x.sigmoid()

    measured = measure(Gated(), random_input((2, 5)))
    assert (measured.madds, measured.activation, measured.elements, measured.uncounted) == (0, 10, 20, {})


def test_what_has_no_rule_is_listed():
    layers = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))
    measured = measure(layers, random_input((5, 16)))
    assert (measured.madds, measured.activation, measured.uncounted) == (2 * 5 * 16 * 32, 5 * 32, {})
    assert measure(nn.LogSigmoid(), random_input((1, 5))).uncounted == {"aten::log_sigmoid_forward": 1}


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("torch.nn", "not of the form package.module:factory"),
        ("no_such_package:f", "cannot make no_such_package:f: ModuleNotFoundError"),
        ("torch.nn:NoSuch", "cannot make torch.nn:NoSuch: AttributeError"),
        ("torch.nn:Linear", "cannot make torch.nn:Linear: TypeError"),
        ("builtins:dict", "makes a dict, not a torch module"),
    ],
)
def test_a_module_that_cannot_be_made_is_one_line(path, message):
    with pytest.raises(Problem) as caught:
        load_module(path)
    assert message in str(caught.value)


def test_an_input_that_does_not_fit_is_one_line():
    with pytest.raises(Problem, match=r"Conv2d does not run on \(1, 5, 8, 8\)"):
        measure(nn.Conv2d(3, 4, 1), random_input((1, 5, 8, 8)))
    with pytest.raises(Problem, match="not a shape such as"):
        random_input((1, 0))
