"""The text form of a frozen dataclass: a call with literal arguments that states every field.

    mobilenet_v2(width=1.0, resolution=224, ...)  <->  MobileNetV2(width=1.0, resolution=224, ...)

The text is the identity of a variant or a recipe in stored trials. It states every field, so that a changed default
cannot relabel an old result. A field that is added after results were stored would change all their texts. Such a
field is marked LATER and stated only where it differs from its default. That default describes the networks from
before the field existed, and never changes.
"""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, ClassVar

from analysis.problem import Problem

LATER = {"later": True}  # metadata of a field: field(default=..., metadata=LATER)


class Stated:
    """What a family's dataclass has besides its axes: a name and a text form."""

    family: ClassVar[str]

    @property
    def text(self) -> str:
        """The text form, which states every axis."""
        return to_text(self.family, self)


def to_text(name: str, value: Any) -> str:
    """`name(field=literal, ...)` with every field of the dataclass `value`, in order of declaration.

    A LATER field is stated only where it differs from its default. A field that is itself a variant (the backbone
    under a head) is stated by its own text.
    """
    values = {
        field.name: getattr(value, field.name)
        for field in fields(value)
        if not (field.metadata.get("later") and getattr(value, field.name) == field.default)
    }
    stated = [f"{axis}={getattr(v, 'text', None) or repr(v)}" for axis, v in values.items()]
    return f"{name}({', '.join(stated)})"


def from_text(text: str, classes: Mapping[str, type], what: str) -> Any:
    """The dataclass that `text` describes. Fields left out take their defaults.

    Raises:
        Problem: the text is not such a call, or has an unknown class or field.
    """
    try:
        return _evaluate(ast.parse(text.strip(), mode="eval").body, classes, what)
    except (SyntaxError, ValueError) as error:
        raise Problem(f"{what} {text!r} is not of the form name(axis=value, ...)") from error


def _evaluate(node: ast.expr, classes: Mapping[str, type], what: str) -> Any:
    if isinstance(node, ast.Name):
        node = ast.Call(node, [], [])
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.args:
        raise ValueError("not a call with named arguments")
    arguments = {
        str(k.arg): _evaluate(k.value, classes, what) if isinstance(k.value, ast.Call) else ast.literal_eval(k.value)
        for k in node.keywords
    }
    return construct(classes[known(node.func.id, classes, what)], arguments)


def construct(cls: type, arguments: Mapping[str, Any]) -> Any:
    """`cls(**arguments)`, with a check of the names.

    Raises:
        Problem: an unknown field. The message lists the known ones.
    """
    axes = [field.name for field in fields(cls)]
    for axis in arguments:
        known(axis, axes, f"axis of {cls.__name__}")
    return cls(**arguments)


def known(name: str, names: Iterable[str], what: str) -> str:
    """`name` if it is one of `names`.

    Raises:
        Problem: it is not. The message suggests the nearest name and lists all.
    """
    names = list(names)
    if name in names:
        return name
    near = get_close_matches(str(name), [str(n) for n in names], n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise Problem(f"unknown {what} {name!r}: {hint}known are {', '.join(map(str, names))}")
