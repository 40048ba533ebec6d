"""What a module holds, registered or not, and a copy of it that may be run without changing the module."""

import copy
import functools
import re
import types
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parameter import UninitializedBuffer

from analysis.problem import Problem

STATISTICS = ("running_mean", "running_var", "num_batches_tracked")
FUSED = re.compile("mkldnn|onednn|FusionGroup|TensorExpr|StaticSubgraph", re.IGNORECASE)  # nodes of a graph
ATOMS = (str, bytes, int, float, complex, bool, type(None), type, types.ModuleType, types.BuiltinFunctionType)


def reachable(root: Any, code: bool = False) -> Iterator[tuple[str, Any]]:
    """Everything that `root` leads to by attributes, containers, closures and bound methods, with its path, once each.

    `code`: also by what its functions and classes name: globals, defaults, attributes of classes, and its hooks. No
    copy of `root` has these to itself. Tensors, packed weights and what has no attributes are ends.
    """
    waiting: deque[tuple[str, Any]] = deque([("", root)])
    seen: set[int] = set()
    kept = []  # alive as long as their ids are in `seen`
    while waiting:
        path, each = waiting.popleft()
        if id(each) in seen or isinstance(each, ATOMS):
            continue
        seen.add(id(each))
        kept.append(each)
        yield path, each
        found = [*_inside(each), *(_named(each) if code else ())]
        waiting.extend((f"{path}.{name}".lstrip("."), inner) for name, inner in found)


def _inside(each: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(each, Tensor | torch.ScriptObject | torch.dtype | torch.device | torch.jit.ScriptModule):
        return
    if isinstance(each, Mapping):
        yield from ((str(key), value) for key, value in list(each.items()))
    elif isinstance(each, list | tuple | set | frozenset | deque):
        yield from ((str(place), value) for place, value in enumerate(list(each)))
    elif isinstance(each, functools.partial):
        yield from (("partial", value) for value in (each.func, each.args, each.keywords))
    elif isinstance(each, types.MethodType):
        yield "self", each.__self__
    elif isinstance(each, types.FunctionType):
        for name, cell in zip(each.__code__.co_freevars, each.__closure__ or (), strict=True):
            try:
                yield name, cell.cell_contents
            except ValueError:  # not assigned yet
                continue
    elif isinstance(each, nn.Module):
        for name, value in list(vars(each).items()):
            if name in ("_parameters", "_buffers", "_modules") and isinstance(value, Mapping):
                yield from ((str(key), inner) for key, inner in list(value.items()))
            elif not name.endswith(("_hooks", "_hooks_with_kwargs", "_hooks_always_called")):
                yield name, value
    elif not type(each).__module__.startswith("torch."):
        slots = [name for kind in type(each).__mro__ for name in _slots(kind) if hasattr(each, name)]
        yield from ((name, getattr(each, name)) for name in slots)
        yield from list(getattr(each, "__dict__", {}).items())


def _slots(kind: type) -> tuple[str, ...]:
    names = vars(kind).get("__slots__", ())
    return tuple(name for name in ((names,) if isinstance(names, str) else names) if not name.startswith("__"))


def _named(each: Any) -> Iterator[tuple[str, Any]]:
    """What the code of an object names: see `reachable`."""
    if isinstance(each, types.FunctionType):
        yield from (("default", value) for value in (each.__defaults__, each.__kwdefaults__) if value)
        for name in _names(each.__code__):
            value = each.__globals__.get(name)
            ours = isinstance(value, types.FunctionType) and value.__module__ == each.__module__
            if ours or isinstance(value, nn.Module | Tensor | list | tuple | dict | set | functools.partial):
                yield name, value
    elif not isinstance(each, Tensor) and not type(each).__module__.startswith("torch."):
        for kind in type(each).__mro__:
            mine = {} if kind.__module__.partition(".")[0] in ("builtins", "torch", "numpy") else dict(vars(kind))
            for name, value in mine.items():
                value = getattr(value, "fget", None) or getattr(value, "__wrapped__", None) or value
                if isinstance(value, types.FunctionType | nn.Module | Tensor | list | tuple | dict | set):
                    yield name, value
    if isinstance(each, nn.Module) and not isinstance(each, torch.jit.ScriptModule):
        hooks = [value for name, value in vars(each).items() if name.endswith("_hooks") and value]
        yield from (("hook", hook) for found in hooks for hook in list(found.values()))


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _names(inner)


def modules_of(root: Any, code: bool = False) -> list[nn.Module]:
    """All modules that `root` leads to, those of plain lists and closures too. See `reachable` for `code`."""
    found = [each for _, each in reachable(root, code) if isinstance(each, nn.Module)]
    inner = [part for each in found for part in each.modules()]
    return list({id(each): each for each in found + inner}.values())


def twin(module: nn.Module) -> nn.Module:
    """A deep copy: tensors, plain attributes, layers in lists. What cannot be copied, a lock for example, is shared.

    Raises:
        Problem: the module cannot be copied.
    """
    memo: dict[int, Any] = {}
    for _, each in reachable(module):
        if isinstance(each, UninitializedBuffer):
            memo[id(each)] = UninitializedBuffer(each.requires_grad, each.device, each.dtype)  # type: ignore[arg-type]
        elif isinstance(each, Tensor) and not each.is_leaf:
            memo[id(each)] = each.detach().clone()
        elif not isinstance(each, nn.Module | Tensor | list | tuple | dict) and _is_single(each):
            memo[id(each)] = each
    try:
        return copy.deepcopy(module, memo)
    except Exception as error:  # whatever a user's own class raises
        reason = next(iter(str(error).splitlines()), "")
        raise Problem(
            f"{type(module).__name__} cannot be copied, and counting must not change it: "
            f"{type(error).__name__}: {reason}"
        ) from error


def _is_single(each: Any) -> bool:
    """Whether an object cannot be copied by itself and holds no module and no tensor that a run could change."""
    if isinstance(each, types.FunctionType | types.MethodType) or type(each).__module__.startswith("torch"):
        return False
    try:
        copy.deepcopy(each)
    except Exception:
        return not any(isinstance(inner, nn.Module | Tensor) for _, inner in reachable(each))
    return False


def parameters_of(module: nn.Module, used: Iterable[Tensor] = ()) -> tuple[int, list[str]]:
    """Number of parameters, each counted once, also those of layers in plain lists and of packed layers, and those that
    a run `used` (tensors of any shape) wherever they are. And a line for each kind of weight that was not counted."""
    parameters: dict[int, int] = {}
    others: dict[int, str] = {}
    storages: set[int] = set()
    notes = []
    for part in modules_of(module):
        for each in part.parameters():
            parameters[id(each)] = _size(each)
            storages.add(_storage(each))
    for path, each in reachable(module):
        if isinstance(each, nn.Parameter):
            parameters[id(each)] = _size(each)
            storages.add(_storage(each))
        elif isinstance(each, torch.ScriptObject):
            weights = unpacked(each)
            if weights is None:
                notes.append(f"{path} is packed: its parameters are not counted")
            parameters[id(each)] = sum(weight.numel() for weight in weights or ())
        elif isinstance(each, np.ndarray) and each.dtype.kind in "iuf":
            others[id(each)] = f"{path} ({each.size:,} of {each.dtype} in numpy)"
        elif isinstance(each, Tensor) and each.is_leaf and path.rpartition(".")[2] not in STATISTICS:
            others[id(each)] = f"{path} ({_size(each):,} of {str(each.dtype).removeprefix('torch.')})"
    parameters |= {id(each): _size(each) for each in used if _storage(each) not in storages}
    notes += [note for part in modules_of(module, code=True) for note in _of_graph(part)]
    if others:
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        notes.append(f"not counted as parameters: {', '.join(list(others.values())[:3])}{more}")
    return sum(parameters.values()), notes


def _storage(tensor: Tensor) -> int:
    """What distinguishes tensors, whatever Python object they are: where their values lie."""
    try:
        return tensor.untyped_storage()._cdata
    except Exception:  # lazy, sparse and oneDNN's have none
        return id(tensor)


def unpacked(each: Any) -> list[Tensor] | None:
    """The tensors of packed weights, of any shapes, the weight first. None where they cannot be had."""
    try:
        return [tensor for tensor in each.unpack() if isinstance(tensor, Tensor)]
    except Exception:  # of many classes, each with an error of its own
        return None


def _of_graph(module: nn.Module) -> list[str]:
    """What the graph of a compiled module hides: weights as constants, operators of oneDNN and fused ones."""
    if not isinstance(module, torch.jit.ScriptModule):
        return []
    notes = []
    try:
        graph = module.inlined_graph  # it owns the nodes
        nodes = list(_nodes(graph))
    except (RuntimeError, AttributeError):
        return []
    stored = [node for node in nodes if "value" in node.attributeNames() and node.kindOf("value") == "t"]
    values = sum(node.t("value").numel() for node in stored)
    if values and not list(module.parameters()):
        notes.append(f"{values:,} values are constants of a compiled graph, not counted as parameters")
    graphs = [graph, *_executed(module)]
    kinds = {node.kind() for each in graphs for node in _nodes(each)}
    hidden = sorted(kind for kind in kinds if FUSED.search(kind) and kind != "aten::to_mkldnn")
    return notes + ([f"operators of oneDNN or fused ones are not seen: {', '.join(hidden)}"] if hidden else [])


def _executed(module: torch.jit.ScriptModule) -> list[Any]:
    """The graphs that torch made of a compiled module when it ran."""
    try:
        return [plan.graph for plan in module.get_debug_state().execution_plans.values()]
    except Exception:  # it did not run, or has no forward
        return []


def _nodes(block: Any) -> Iterator[Any]:
    for node in block.nodes():
        yield node
        for inner in node.blocks():
            yield from _nodes(inner)


def _size(tensor: Tensor) -> int:
    return 0 if torch.nn.parameter.is_lazy(tensor) else tensor.numel()
