"""Counts of any torch module, from the operators that it runs, which leaves the module as it was."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from analysis.nn.counting import Totals
from analysis.nn.reachable import modules_of, parameters_of, reachable, twin
from analysis.nn.threads import everywhere
from analysis.problem import Problem
from analysis.users_code import first_line, users_code

LARGEST = 2**31  # elements of an input


class Measured(NamedTuple):
    """Counts of a module for one input, the operators, with times run, that no rule covers, and `notes`: a line for
    each thing that was not seen."""

    madds: int
    params: int
    norm: int
    activation: int
    addition: int
    pooling: int
    elements: int
    uncounted: dict[str, int]
    notes: tuple[str, ...] = ()


def measure(module: nn.Module, *inputs: Tensor) -> Measured:
    """Counts of `module` on `inputs`, of any shapes, in evaluation mode without gradients.

    A copy of the module runs, under a random state of its own. Lazy layers are made for these inputs first, in the
    copy. Inputs of a type or on a device that the module does not take are tried as those of its own parameters, then,
    for a module with an embedding, as indices 0.

    Raises:
        Problem: the module does not run on these inputs, or cannot be copied.
    """
    errors: list[BaseException] = []
    for tried in _candidates(module, inputs):
        try:
            return _measured(module, tried)
        except Problem:
            raise
        except (Exception, SystemExit) as error:  # whatever a user's own forward raises
            errors.append(error)
    shapes = ", ".join(str(tuple(x.shape)) for x in inputs)
    reason = _reason(errors[0]) or type(errors[0]).__name__
    raise Problem(f"{type(module).__name__} does not run on {shapes}: {reason}") from errors[0]


def _reason(error: BaseException) -> str:
    """What an error says in one line: its first, or its last where the first is TorchScript's heading of a trace."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if lines and "torch.compile with fullgraph" in lines[0]:
        return "it compiles a part of itself as a whole (flex_attention does), which cannot be counted"
    return lines[-1] if lines and "TorchScript interpreter" in lines[0] else first_line(error)


def _measured(module: nn.Module, inputs: tuple[Tensor, ...]) -> Measured:
    totals = Totals()
    copied = twin(module)
    with _left_as_it_was(module, copied), torch.random.fork_rng(devices=[]), torch.no_grad():
        _evaluate(copied)
        if _is_lazy(copied):
            copied(*inputs)
            _evaluate(copied)
        with everywhere(totals):
            copied(*inputs)
    params, notes = parameters_of(copied, totals.parameters.values())
    columns = ("norm", "activation", "addition", "pooling", "elements")
    counts = (totals.counts[column] for column in columns)
    notes = (*totals.notes, *notes)
    return Measured(totals.counts["madds"], params, *counts, uncounted=dict(totals.uncounted), notes=notes)


def _candidates(module: nn.Module, inputs: tuple[Tensor, ...]) -> Iterator[tuple[Tensor, ...]]:
    """The inputs, then the inputs in the type and on the device of the first parameter, then indices."""
    yield inputs
    with suppress(Exception):  # a lazy parameter has a device but no values
        own = next(p for part in modules_of(module) for p in part.parameters() if p.is_floating_point())
        changed = tuple(x.to(own.device, own.dtype) if x.is_floating_point() else x.to(own.device) for x in inputs)
        if any(a.dtype != b.dtype or a.device != b.device for a, b in zip(inputs, changed, strict=True)):
            yield changed
    if any(isinstance(part, nn.Embedding | nn.EmbeddingBag) for part in modules_of(module)):
        yield tuple(torch.zeros(x.shape, dtype=torch.int64, device=x.device) for x in inputs)


def _evaluate(module: nn.Module) -> None:
    """Put a module in evaluation mode, with the layers that it keeps in plain lists. Frozen and exported ones have none
    to change."""
    for part in (module, *modules_of(module, code=True)):
        with suppress(AttributeError, NotImplementedError, RuntimeError):
            part.eval()


def _is_lazy(module: nn.Module) -> bool:
    tensors = [t for part in modules_of(module) for t in (*part.parameters(), *part.buffers())]
    return any(map(torch.nn.parameter.is_lazy, tensors))


@contextmanager
def _left_as_it_was(module: nn.Module, copied: nn.Module) -> Iterator[None]:
    """Restore what the copy shares with the module, by closures, globals and classes: modes of modules, and tensors."""
    own = {id(each) for _, each in reachable(module, code=True)} | {id(part) for part in modules_of(module, code=True)}
    parts = [part for part in modules_of(copied, code=True) if id(part) in own]
    modes = [(part, part.training) for part in parts if hasattr(part, "training")]
    tensors = [each for _, each in reachable(copied, code=True) if isinstance(each, Tensor) and id(each) in own]
    tensors += [each for part in parts for each in (*part.parameters(), *part.buffers())]
    kept = []
    for each in {id(each): each for each in tensors}.values():
        with suppress(Exception):  # lazy ones and those of inference mode have no version or no values
            kept.append((each, each._version, each.detach().clone()))
    try:
        yield
    finally:
        for part, mode in modes:
            with suppress(Exception):
                part.training = mode
        for each, version, values in kept:
            if each._version != version:
                with torch.no_grad():
                    each.copy_(values)


def load_module(path: str) -> nn.Module:
    """The torch module that `package.module:factory` makes, or is. The current folder is searched too.

    Raises:
        Problem: no such module or name, the factory fails, or it makes something else.
    """
    package, _, name = path.partition(":")
    if not name:
        raise Problem(f"{path!r} is not of the form package.module:factory")
    made: Any = None
    with users_code(f"cannot make {path}", Path(os.getcwd()), package):
        made = getattr(importlib.import_module(package), name)
        made = made if isinstance(made, nn.Module | torch.export.ExportedProgram) else made()
        made = made.module() if isinstance(made, torch.export.ExportedProgram) else made
    if not isinstance(made, nn.Module):
        raise Problem(f"{path} makes a {type(made).__name__}, not a torch module")
    return made


def random_input(shape: tuple[int, ...], dtype: torch.dtype = torch.float32) -> Tensor:
    """Standard normal numbers of `shape` from a fixed seed, or zeros of a type that is not floating.

    Raises:
        Problem: the shape is empty or has a side below 1.
    """
    if not shape or min(shape) < 1 or prod(shape) > LARGEST:
        raise Problem(f"input {' '.join(map(str, shape))} is not a shape such as 1 3 224 224")
    if not dtype.is_floating_point:
        return torch.zeros(shape, dtype=dtype)
    return torch.randn(shape, generator=torch.Generator().manual_seed(0)).to(dtype)


def parse_input(text: str) -> Tensor:
    """The input of the shape and type that a text such as "1x3x224x224" or "2x6:int64" names. See `random_input`.

    Raises:
        Problem: it is not of this form, or its type is unknown.
    """
    sides, _, kind = text.partition(":")
    dtype = getattr(torch, kind or "float32", None)
    if not all(side.isdecimal() for side in sides.split("x")) or not isinstance(dtype, torch.dtype):
        raise Problem(f"input {text!r} is not a shape such as 1x3x224x224 or 2x6:int64")
    return random_input(tuple(int(side) for side in sides.split("x")), dtype)
