"""Modules of every kind are counted whole, or what is not seen is named; nothing of them changes."""

import threading

import odd_modules
import pytest
import torch
from odd_modules import BASE, Closure, Holder, Packed, Restless, base, same, state
from torch import nn

from analysis.nn.measure import measure, parse_input, random_input
from analysis.problem import Problem

X = random_input((1, 3, 8, 8))
OWN = ["InferenceMode", "FrozenTrunk", "Pool", "OldPool", "Threads", "OwnThread", "InAPool", "PlainList", "PlainDict"]
KINDS = {name: getattr(odd_modules, name) for name in [*OWN, "Closure", "Restless"]} | {
    "plain": base,
    "compiled": lambda: torch.compile(base(), backend="eager"),
    "scripted": lambda: torch.jit.script(base()),
    "traced": lambda: torch.jit.trace(base().eval(), torch.zeros(1, 3, 8, 8)),
    "exported": lambda: torch.export.export(base().eval(), (torch.zeros(1, 3, 8, 8),)).module(),
    "of graphs": lambda: torch.fx.symbolic_trace(base()),
    "parallel": lambda: nn.DataParallel(base()),
    "parallel inside": lambda: nn.Sequential(nn.DataParallel(base())),
    "half": lambda: base().half(),
    "bfloat16": lambda: base().bfloat16(),
    "double": lambda: base().double(),
    "meta": lambda: base().to("meta"),
    "weight norm": lambda: nn.Sequential(nn.utils.weight_norm(base()[0]), *list(base())[1:]),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_counted_whole_and_left_as_it_was(kind):
    module = KINDS[kind]()
    before, random_state, threads = state(module), torch.get_rng_state(), torch.get_num_threads()
    measured = measure(module, X)
    assert measured.madds == BASE[0]
    assert (measured.params == BASE[1]) or (kind == "weight norm" and measured.params == BASE[1] + 8)
    assert (measured.norm, measured.activation, measured.pooling) == (512, 512, 512)
    assert same(before, state(module))
    assert torch.equal(torch.get_rng_state(), random_state) and torch.get_num_threads() == threads


def test_layers_outside_of_the_module_stay_in_their_mode_with_their_statistics():
    for module in (odd_modules.PlainList(), odd_modules.PlainDict()):
        layers = list(module.layers.values() if isinstance(module.layers, dict) else module.layers)
        before = [state(layer) for layer in layers]
        measure(module, X)
        assert all(same(a, state(layer)) for a, layer in zip(before, layers, strict=True))
    module = Closure()
    (net,) = (each.cell_contents for each in module.run.__closure__ or ())
    before = state(net)
    measure(module, X)
    assert same(before, state(net)) and net.training


def test_plain_attributes_stay():
    module = Restless()
    measure(module, X)
    assert (module.count, module.cache.item(), module.seen, hasattr(module, "made")) == (0, 0, [], False)


@pytest.mark.parametrize("norm", [nn.LazyBatchNorm2d, nn.LazyInstanceNorm2d, nn.Identity])
def test_lazy_layers_are_made_in_the_copy_and_their_making_is_not_counted(norm):
    module = nn.Sequential(nn.LazyConv2d(8, 3, padding=1), norm(), nn.Flatten(), nn.LazyLinear(5))
    before = state(module)
    measured = measure(module, X)
    assert measured.madds == 3 * 8 * 9 * 64 + 512 * 5
    assert "aten::uniform" not in " ".join(measured.uncounted)
    assert odd_modules.lazy(module) and same(before, state(module))


def test_a_frozen_graph_says_where_its_weights_are():
    frozen = torch.jit.freeze(torch.jit.script(base().eval()))
    measured = measure(frozen, X)
    assert (measured.madds, measured.params) == (BASE[0], 0)
    assert any("269 values are constants of a compiled graph" in note for note in measured.notes)
    optimised = measure(torch.jit.optimize_for_inference(torch.jit.script(base().eval())), X)
    assert any("operators of oneDNN or fused ones are not seen: " in note for note in optimised.notes)


@pytest.mark.filterwarnings("ignore")
def test_quantised_layers_have_their_products_and_parameters():
    quantise = torch.ao.quantization
    dynamic = quantise.quantize_dynamic(nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 4)), {nn.Linear})
    measured = measure(dynamic, random_input((2, 16)))
    assert (measured.madds, measured.params) == (2 * (16 * 32 + 32 * 4), 16 * 32 + 32 + 32 * 4 + 4)
    static = quantise.QuantWrapper(nn.Sequential(nn.Conv2d(3, 8, 3, groups=1), nn.ReLU())).eval()
    static.qconfig = quantise.get_default_qconfig("x86")
    quantise.prepare(static, inplace=True)
    static(X)
    measured = measure(quantise.convert(static), X)
    assert (measured.madds, measured.params) == (36 * 8 * 27, 8 * 27 + 8)


@pytest.mark.parametrize("kind", [torch.int8, torch.uint8, torch.float16])
def test_weights_in_buffers_are_named(kind):
    measured = measure(Packed(kind), random_input((2, 16)))
    assert (measured.madds, measured.params) == (2 * 4 * 16, 0)
    assert measured.notes == (f"not counted as parameters: whole (64 of {str(kind)[6:]}), scale (4 of float32)",)
    assert measure(base(), X).notes == ()  # running statistics are apart


class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.table, self.line = nn.Embedding(10, 8), nn.Linear(8, 4)

    def forward(self, words, more):
        return self.line(self.table(words)) + self.line(more)


def test_several_inputs_of_several_types():
    measured = measure(Two(), parse_input("2x6:int64"), parse_input("2x6x8"))
    assert measured.madds == 2 * 2 * 6 * 8 * 4
    with pytest.raises(Problem, match="Two does not run on .2, 6.: .*missing 1 required positional argument"):
        measure(Two(), parse_input("2x6:int64"))
    words = nn.Sequential(nn.Embedding(10, 8), nn.Linear(8, 4))
    assert measure(words, random_input((2, 6))).madds == 2 * 6 * 8 * 4  # floats are no indices: zeros are


@pytest.mark.parametrize("text", ["", "2x", "2xa", "x2", "2x6:int46", "2x6:nn", "0x3", "-1x3", "2 6"])
def test_an_input_that_is_no_shape_is_one_line(text):
    with pytest.raises(Problem, match="is not a shape such as"):
        parse_input(text)


class Locked(Holder):
    """Cannot be copied: a lock next to a layer in an object of its own."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner


class Guard:
    def __init__(self, net=None):
        self.lock, self.net = threading.Lock(), net


class Stubborn(Guard):
    def __deepcopy__(self, memo):
        raise TypeError("there is one of me")


@pytest.mark.parametrize("inner", [Guard(), Guard(base()), Stubborn()])
def test_what_cannot_be_copied_is_shared_if_it_holds_no_weights(inner):
    assert measure(Locked(inner), X).madds == BASE[0]


def test_what_cannot_be_copied_and_holds_weights_is_refused():
    with pytest.raises(Problem, match="Locked cannot be copied, and counting must not change it: .*there is one of me"):
        measure(Locked(Stubborn(base())), X)


class Leaves(Holder):
    def forward(self, x):
        raise SystemExit(3)


def test_a_module_that_ends_the_program_is_one_line():
    with pytest.raises(Problem, match="Leaves does not run on .*: 3"):
        measure(Leaves(), X)
