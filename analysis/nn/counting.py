"""Formulas for torch's operators, applied as a module runs them: in any thread, in inference mode, in whole layers."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import prod
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from analysis.nn.reachable import unpacked

# Columns besides the multiply-adds, by operator name without its overload and the "_" of its in-place twin.
COLUMNS = {
    "norm": "native_batch_norm _native_batch_norm_legit_no_training cudnn_batch_norm native_layer_norm "
    "native_group_norm",
    "activation": "relu relu6 hardtanh hardswish hardsigmoid leaky_relu elu gelu silu mish sigmoid tanh softplus "
    "_softmax _safe_softmax _log_softmax prelu _prelu_kernel",
    "addition": "add",
    "pooling": "mean avg_pool2d max_pool2d max_pool2d_with_indices _adaptive_avg_pool2d adaptive_max_pool2d",
}
COLUMN_OF = {name: column for column, names in COLUMNS.items() for name in names.split()}
# Multiply each element by a factor. Nothing is added up, so it is not a multiply-add, and products have no column: they
# count in "elements" alone, as `analysis.cost.count` counts the gates of squeeze-and-excitation.
PRODUCTS = frozenset({"mul"})
# Move or reinterpret data, or make constants.
FREE = """
view _unsafe_view reshape _reshape_alias as_strided alias detach clone copy contiguous _to_copy lift_fresh t transpose
permute expand squeeze unsqueeze slice select split split_with_sizes unsafe_split unsafe_split_with_sizes unbind flatten
cat stack constant_pad_nd pixel_shuffle channel_shuffle native_channel_shuffle repeat flip roll im2col index_select
embedding dropout native_dropout empty empty_like empty_strided new_empty zeros zeros_like new_zeros ones ones_like full
full_like arange
"""
FREE_NAMES = frozenset(FREE.split())
UNCOLUMNED = PRODUCTS | FREE_NAMES
LEAVES = ("numpy", "__array__", "__dlpack__")  # methods that give a tensor's values to another library
GATES = {"lstm": (5 / 4, 5 / 4), "gru": (1.0, 5 / 3)}  # activations and additions for each row of the input weights


def _attention(query: Tensor, key: Tensor, value: Tensor) -> tuple[int, int]:
    """Multiply-adds of both products, and the entries that the softmax makes."""
    scores = prod(query.shape[:-1]) * key.shape[-2]
    return scores * (query.shape[-1] + value.shape[-1]), scores


def _multi_head(args: Any) -> dict[str, int]:
    """Columns of `_native_multi_head_attention`, as its parts count."""
    query, key, value, width = *args[:3], args[3]
    rows = query.shape[0] * (query.shape[1] + key.shape[1] + value.shape[1] + query.shape[1])
    madds, _ = _attention(query, key, value)
    return {"madds": rows * width * width + madds, "activation": _scores(query, key, args[4])}


def _encoder_layer(args: Any) -> dict[str, int]:
    """Columns of `_transformer_encoder_layer_fwd`, as its parts count."""
    source, first = args[0], args[14]
    parts = _multi_head((source, source, source, args[1], args[2]))
    tokens = source.shape[0] * source.shape[1]
    parts["madds"] += 2 * tokens * first.numel()
    parts["activation"] += tokens * first.shape[0]
    return parts | {"norm": 2 * source.numel(), "addition": 2 * source.numel()}


def _scores(query: Tensor, key: Tensor, heads: int) -> int:
    return query.shape[0] * heads * query.shape[1] * key.shape[1]


# Operator -> columns from its arguments, for layers that arrive whole.
WHOLE = {"_native_multi_head_attention": _multi_head, "_transformer_encoder_layer_fwd": _encoder_layer}

# Operator -> multiply-adds from its arguments and its output, where torch has no formula.
FORMULAS: dict[str, Callable[..., int]] = {
    "mv": lambda args, out: args[0].numel(),
    "addmv": lambda args, out: args[1].numel(),
    "dot": lambda args, out: args[0].numel(),
    "vdot": lambda args, out: args[0].numel(),
    "conv_tbc": lambda args, out: out.numel() * args[1].shape[0] * args[1].shape[1],
}


class Totals:
    """Counts by column, operators without a rule, and notes, from all threads."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.uncounted: Counter[str] = Counter()
        self.notes: list[str] = []
        self.parameters: dict[int, Tensor] = {}  # that operators were given, by id
        self.lock = threading.Lock()
        self.local = threading.local()  # active: whether this thread counts; paused: inside of a counted whole

    def add(self, **columns: int) -> None:
        """Add to columns by name."""
        with self.lock:
            self.counts.update(columns)

    def note(self, line: str) -> None:
        """Add a line of what is not seen, once."""
        with self.lock:
            if line not in self.notes:
                self.notes.append(line)

    @contextmanager
    def here(self) -> Iterator[None]:
        """Count what this thread runs in the block."""
        if getattr(self.local, "active", False):
            yield
            return
        self.local.active = True
        try:
            with torch.no_grad(), _Operators(self), _Recurrent(self):
                yield
        finally:
            self.local.active = False


class _Operators(TorchDispatchMode):
    supports_higher_order_operators = True

    def __init__(self, totals: Totals) -> None:
        super().__init__()
        self.totals = totals

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if not hasattr(func, "_schema"):
            return self._higher_order(func, args, kwargs)
        name = func._schema.name.split("::")[-1].rstrip("_")
        known = func._overloadpacket in flop_registry or name in COLUMN_OF or name in UNCOLUMNED or name in FORMULAS
        if not known:  # in inference mode operators arrive whole: take them apart
            with self:
                out = func.decompose(*args, **kwargs)
            if out is not NotImplemented:
                return out
        out = func(*args, **kwargs)
        if not getattr(self.totals.local, "paused", False):
            self._count(func, name, args, kwargs, out)
        return out

    def _higher_order(self, func: Any, args: Any, kwargs: Any) -> Any:
        """An operator of functions: the branch of a condition is counted, others are named."""
        if func.name() == "cond":
            chosen, operands = args[1] if bool(args[0]) else args[2], args[3] if len(args) > 3 else ()
            with self:
                return chosen(*operands)
        self.totals.note(f"{func.name()} is not counted")
        return func(*args, **kwargs)

    def _count(self, func: Any, name: str, args: Any, kwargs: Any, out: Any) -> None:
        made = out[0] if isinstance(out, tuple | list) and out else out
        elements = made.numel() if isinstance(made, Tensor) else 0
        totals, whole = self.totals, func._schema.name
        totals.parameters.update({id(each): each for each in _flat(args) if isinstance(each, nn.Parameter)})
        if func._overloadpacket in flop_registry:  # torch's own formulas, 2 a multiply-add
            totals.add(madds=flop_registry[func._overloadpacket](*args, **kwargs, out_val=out) // 2, elements=elements)
        elif name == "_scaled_dot_product_flash_attention_for_cpu":
            madds, scores = _attention(*args[:3])
            totals.add(madds=madds, activation=scores, elements=elements)
        elif name in WHOLE:
            totals.add(**WHOLE[name](args), elements=elements)
        elif name == "mkldnn_rnn_layer" and args[9] == 2:  # an LSTM
            steps, rows = args[0].shape[0] * args[0].shape[1], args[1].shape[0]
            _add_recurrent(totals, "lstm", steps, args[1:3], rows, elements)
        elif name in FORMULAS:
            totals.add(madds=FORMULAS[name](args, made), elements=elements)
        elif column := COLUMN_OF.get(name):
            totals.add(**{column: args[0].numel() if column == "pooling" else elements}, elements=elements)
        elif whole.startswith("quantized::") and (madds := _packed_product(name, args, elements)):
            totals.add(madds=madds, activation=elements * ("relu" in name), elements=elements)
        elif name in PRODUCTS:
            totals.add(elements=elements)
        elif name not in FREE_NAMES and not whole.startswith("profiler::"):
            with totals.lock:
                totals.uncounted[whole] += 1


class _Recurrent(TorchFunctionMode):
    """Counts a recurrent layer as a whole, as each backend of torch makes other operators of it."""

    def __init__(self, totals: Totals) -> None:
        super().__init__()
        self.totals = totals

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kind, local = getattr(func, "__name__", ""), self.totals.local
        if kind in LEAVES:
            self.totals.note("a tensor becomes an array of numpy or another library: what is done with it is not seen")
        if kind not in GATES or kwargs or getattr(local, "paused", False) or len(args) < 9:
            return func(*args, **(kwargs or {}))
        local.paused = True
        try:
            out = func(*args)
        finally:
            local.paused = False
        packed = isinstance(args[3], list | tuple)  # data, batch sizes, hx, parameters; else input, hx, parameters
        weights = [weight for weight in args[3 if packed else 2] if weight.dim() == 2]
        layers = len(args[3 if packed else 2]) // max(1, args[5 if packed else 4] * (1 + args[8 if packed else 7]))
        each = 3 if layers in (3, 5) else 2  # with a projection
        rows = sum(weight.shape[0] for weight in weights[::each])
        steps = args[0].shape[0] if packed else prod(args[0].shape[:-1])
        _add_recurrent(self.totals, kind, steps, weights, rows, out[0].numel())
        return out


def _flat(args: Any) -> Iterator[Any]:
    for each in args:
        if isinstance(each, list | tuple):
            yield from _flat(each)
        else:
            yield each


def _add_recurrent(totals: Totals, kind: str, steps: int, weights: Any, rows: int, elements: int) -> None:
    """`rows`: of all weights of inputs, which are 4 (LSTM) or 3 (GRU) times the hidden size."""
    activation, addition = GATES[kind]
    totals.add(
        madds=steps * sum(weight.numel() for weight in weights),
        activation=round(steps * rows * activation),
        addition=round(steps * rows * addition),
        elements=elements,
    )


def _packed_product(name: str, args: Any, elements: int) -> int:
    """Multiply-adds of a quantised linear layer or convolution, 0 for another operator."""
    if not name.startswith(("linear", "conv")) or "transpose" in name:
        return 0
    packed = next((each for each in args if isinstance(each, torch.ScriptObject)), None)
    weights = unpacked(packed) if packed is not None else None
    return elements * (weights[0].numel() // weights[0].shape[0]) if weights else 0
