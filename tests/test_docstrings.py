"""Public docstrings state what a reader cannot see in the signature: errors, shapes, units, the place in the paper."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from analysis.arch import FAMILIES
from experiments.studies.registry import STUDIES

ROOT = Path(__file__).parent.parent
FILES = [path for folder in ("analysis", "experiments") for path in sorted((ROOT / folder).rglob("*.py"))]
OVERRIDES = {"forward", "find_class"}  # documented by the class that declares them
ARRAY = re.compile(r"\b(Tensor|ndarray|Array)\b")
SIDE = r"\*?[\w.]+(?: [-+*] \w+)?"
SHAPE = re.compile(rf"\({SIDE},(?: {SIDE},?)*\)|\bshapes?\b|\bscalar\b")  # (n,), (..., n, 4), (1 + C, C)
# The last word of a quantity's name -> what its docstring has to contain.
UNITS = {
    "bytes": re.compile(r"\bbytes\b", re.IGNORECASE),
    "memory": re.compile(r"\bbytes\b", re.IGNORECASE),
    "seconds": re.compile(r"\bseconds?\b", re.IGNORECASE),
    "timeout": re.compile(r"\bseconds?\b", re.IGNORECASE),
    "ms": re.compile(r"\bmilliseconds?\b", re.IGNORECASE),
    "size": re.compile(r"\bunits?\b|\bpixels?\b|\([hH](eight)?, [wW](idth)?\)|\bheight\b"),
}
NUMBER = re.compile(r"\b(int|float|tuple|Sequence|ndarray)\b")
SOURCE = re.compile(r"\b([Ss]ections?|Tables?|Figures?|[Aa]ppendix|Theorem|Lemma|[Ee]quations?|arXiv)\b")

Function = ast.FunctionDef
Documented = ast.Module | ast.ClassDef | ast.FunctionDef


def public(node: ast.Module | ast.ClassDef, inside: str = "") -> Iterator[tuple[str, Documented]]:
    """A module or a class and its public functions, methods and classes, with dotted names."""
    yield inside or "module", node
    for child in node.body:
        if isinstance(child, ast.ClassDef | Function) and not child.name.startswith("_"):
            name = f"{inside}.{child.name}".lstrip(".")
            yield from public(child, name) if isinstance(child, ast.ClassDef) else [(name, child)]


def silent(node: Documented) -> bool:
    return not ast.get_docstring(node) and getattr(node, "name", "") not in OVERRIDES


def raises_unsaid(node: Documented) -> bool:
    """Whether a function, or the construction of a class, raises a Problem without a section `Raises:`."""
    made = ("__init__", "__post_init__")
    bodies = [child for child in node.body if isinstance(child, Function) and child.name in made]
    within = [node] if isinstance(node, Function) else bodies
    return any(map(_problem, (x for body in within for x in ast.walk(body)))) and "Raises:" not in _doc(node)


def _problem(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) and node.exc is not None and ast.unparse(node.exc).startswith("Problem(")


def shape_unsaid(node: Documented) -> bool:
    """Whether a function takes or returns arrays without a statement of their shapes."""
    if not isinstance(node, Function) or node.name in OVERRIDES:
        return False
    given = [each.annotation for each in _arguments(node)] + [node.returns]
    return any(each and ARRAY.search(ast.unparse(each)) for each in given) and not SHAPE.search(_doc(node))


def unit_unsaid(node: Documented) -> bool:
    """Whether a numeric argument, field or result is named for a quantity without a statement of its unit."""
    named: list[tuple[str, ast.expr | None]] = []
    if isinstance(node, Function) and node.name not in OVERRIDES:
        named = [(each.arg, each.annotation) for each in _arguments(node)] + [(node.name, node.returns)]
    elif isinstance(node, ast.ClassDef):
        fields = [child for child in node.body if isinstance(child, ast.AnnAssign)]
        named = [(ast.unparse(each.target), each.annotation) for each in fields]
    numbers = [name for name, kind in named if kind and NUMBER.search(ast.unparse(kind)) and not name.startswith("_")]
    units = [UNITS[word] for name in numbers if (word := name.rpartition("_")[2]) in UNITS]
    return any(not unit.search(_doc(node)) for unit in units)


def _arguments(node: Function) -> list[ast.arg]:
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]


def _doc(node: Documented) -> str:
    return ast.get_docstring(node) or ""


def eaten(node: Documented) -> bool:
    """Whether Markdown would read a part of the docstring as an HTML tag: k<n, but neither k < n nor `k<n`."""
    return bool(re.search(r"<[A-Za-z/!]", re.sub(r"`[^`]*`", "", _doc(node))))


RULES = (silent, raises_unsaid, shape_unsaid, unit_unsaid, eaten)


@cache
def nodes() -> list[tuple[str, Documented]]:
    """What is public in all files, and where. Not when the tests are collected, which every test process does."""
    parsed = ((path, public(ast.parse(path.read_text()))) for path in FILES)
    return [(f"{path.relative_to(ROOT)}: {name}", node) for path, found in parsed for name, node in found]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_public_docstrings_keep_the_rules(rule):
    assert len(nodes()) > 900
    assert [where for where, node in nodes() if rule(node)] == []


@pytest.mark.parametrize(
    ("code", "broken"),
    [
        ("def f(): pass", {"silent"}),
        ("def f():\n    'Says.'", set()),
        ("def f():\n    'Says.'\n    raise Problem('x')", {"raises_unsaid"}),
        ("def f():\n    'Says.\\n\\nRaises:\\n    Problem: x.'\n    raise Problem('x')", set()),
        ("class A:\n    'Says.'\n    def __post_init__(self):\n        raise Problem('x')", {"raises_unsaid"}),
        ("def f(x: Tensor):\n    'Says (at length).'", {"shape_unsaid"}),
        ("def f() -> 'np.ndarray | None':\n    'Points (n, 2).'", set()),
        ("def f(peak_bytes: int):\n    'Says.'", {"unit_unsaid"}),
        ("def f(peak_bytes: int):\n    'Bytes at the peak.'", set()),
        ("class A:\n    'Says.'\n    seconds: float = 0", {"unit_unsaid"}),
        ("def seconds(rounds: int) -> float:\n    'Says.'", {"unit_unsaid"}),
        ("def f():\n    'Where k<n.'", {"eaten"}),
        ("def f():\n    'Where k < n, that is `k<n`.'", set()),
        ("def at_size(size: tuple[int, int]):\n    'At a size.'", {"unit_unsaid"}),
    ],
)
def test_the_rules_see_what_is_missing(code, broken):
    found = [node for _, node in public(ast.parse(f"'A module.'\n{code}"))]
    assert {rule.__name__ for rule in RULES for node in found if rule(node)} == broken


def test_what_implements_the_paper_names_its_place():
    """Families of networks, studies and the theory name the paper, section, table or statement that they follow."""
    families = {cls.__module__ for cls in FAMILIES.values()}
    theory = {f"analysis.manifold.theory.{path.stem}" for path in (ROOT / "analysis/manifold/theory").glob("[a-z]*.py")}
    modules = sorted(families | set(STUDIES.values()) | theory)
    assert len(modules) > 20
    docs = {name: inspect.getdoc(importlib.import_module(name)) or "" for name in modules}
    assert [name for name, doc in docs.items() if not SOURCE.search(doc)] == []
