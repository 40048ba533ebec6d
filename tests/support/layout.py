"""The tree as data: modules, what each imports and where, circles, functions with a branch."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

FOLDERS = ("analysis", "experiments", "notebooks")
SOURCES = (".py", ".cpp", ".h", ".js", ".css", ".jinja")
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.Try, ast.Match)


class Import(NamedTuple):
    """One import of a module of the project by another, by their dotted names."""

    module: str
    imported: str
    line: int
    inside: str = ""  # the function that holds it
    typing: bool = False  # under TYPE_CHECKING: it never runs

    def __str__(self) -> str:
        where = f" in {self.inside}" if self.inside else ""
        return f"{self.module}, line {self.line}, imports {self.imported}{where}"


def modules(root: Path, folders: Iterable[str] = FOLDERS) -> dict[str, Path]:
    """Dotted name -> file; a package goes by its own name ("analysis.nn" is analysis/nn/__init__.py)."""
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    return {".".join(_parts(path.relative_to(root))): path for path in paths}


def _parts(path: Path) -> tuple[str, ...]:
    parts = path.with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def imports(files: Mapping[str, Path]) -> list[Import]:
    """Every import of a module among `files` by another: at the top, inside functions, under TYPE_CHECKING.

    Raises:
        ValueError: a relative import, which hides its direction.
    """
    return [found for name, path in files.items() for found in _imports(name, ast.parse(path.read_text()), files)]


def _imports(name: str, tree: ast.AST, files: Mapping[str, Path], inside: str = "", typing: bool = False):
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for target in _targets(name, node, files):
                yield Import(name, target, node.lineno, inside, typing)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _imports(name, node, files, inside or node.name, typing)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _imports(name, ast.Module(node.body, []), files, inside, True)
            yield from _imports(name, ast.Module(node.orelse, []), files, inside, typing)
        elif not isinstance(node, ast.expr):  # which holds no statement
            yield from _imports(name, node, files, inside, typing)


def _targets(name: str, node: ast.Import | ast.ImportFrom, files: Mapping[str, Path]) -> Iterator[str]:
    """The modules among `files` that a statement names: `from a import b` is a.b where that is a module, else a."""
    if isinstance(node, ast.Import):
        named = [alias.name for alias in node.names]
    elif node.level:
        raise ValueError(f"{name}, line {node.lineno}: a relative import; name the module in full")
    else:
        both = [(f"{node.module}.{alias.name}", str(node.module)) for alias in node.names]
        named = [inner if inner in files else outer for inner, outer in both]
    yield from dict.fromkeys(target for target in named if target in files)


def circles(found: Iterable[Import]) -> list[list[str]]:
    """Modules that need one another to be loaded: strongly connected components of more than one, sorted.

    An import inside a function counts, one under TYPE_CHECKING does not: it never runs. To import a.b.c Python first
    runs a and a.b, so these count too, unless the importing module lies in them and they have begun already.
    """
    edges: dict[str, set[str]] = {}
    for each in found:
        if not each.typing:
            parts = each.imported.split(".")
            parents = {".".join(parts[:n]) for n in range(1, len(parts))}
            outside = {parent for parent in parents if not f"{each.module}.".startswith(f"{parent}.")}
            edges.setdefault(each.module, set()).update({each.imported, *outside} - {each.module})
    return sorted(sorted(part) for part in _components(edges) if len(part) > 1)


def _components(edges: Mapping[str, set[str]]) -> list[list[str]]:
    """Tarjan's algorithm: each component is complete when its first module has been left."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: list[str] = []
    done: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        open_.append(name)
        for other in sorted(edges.get(name, ())):
            if other not in order:
                visit(other)
            if other in open_:
                lowest[name] = min(lowest[name], lowest[other])
        if lowest[name] == order[name]:
            at = open_.index(name)
            done.append(open_[at:])
            del open_[at:]

    for name in edges:
        if name not in order:
            visit(name)
    return done


def hidden(found: Iterable[Import], allowed: str) -> list[Import]:
    """Imports inside functions of all modules but those of the package `allowed`."""
    return [each for each in found if each.inside and not each.module.startswith(f"{allowed}.")]


def upward(found: Iterable[Import], levels: Iterable[Iterable[str]]) -> list[Import]:
    """Imports against the order of `levels`, highest first, each some packages; those of one level stay apart.

    A module belongs to the longest package that its name begins with. TYPE_CHECKING is no excuse.

    Raises:
        ValueError: a module of none of them.
    """
    at = {package: number for number, level in enumerate(levels) for package in level}

    def package(name: str) -> str:
        parts = name.split(".")
        for n in range(len(parts), 0, -1):
            if (prefix := ".".join(parts[:n])) in at:
                return prefix
        raise ValueError(f"{name} has no place in the order of imports: give it one")

    pairs = [(each, package(each.module), package(each.imported)) for each in found]
    return [each for each, here, there in pairs if here != there and at[there] <= at[here]]


def untested(files: Mapping[str, Path], root: Path, exempt: Iterable[str] = ()) -> list[str]:
    """Test files that lack: of each module that has a function with a branch, at the mirrored place below `root`."""
    wanted = (mirrored(name) for name, path in files.items() if name not in exempt and branching(path))
    return [place for place in wanted if not (root / place).is_file()]


def long_files(root: Path, folders: Iterable[str], most: int) -> dict[str, int]:
    """Lines of every source file below `folders` that has more than `most`."""
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*")) if path.suffix in SOURCES]
    lines = {str(path.relative_to(root)): len(path.read_text().splitlines()) for path in paths}
    return {path: count for path, count in lines.items() if count > most}


def branching(path: Path) -> list[str]:
    """Names of the functions of a file that have a branch: if, for, while, try, match or a comprehension with if."""
    functions = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef)]
    return [each.name for each in functions if any(_is_branch(node) for node in ast.walk(each))]


def _is_branch(node: ast.AST) -> bool:
    return isinstance(node, BRANCHES) or (isinstance(node, ast.comprehension) and bool(node.ifs))


def mirrored(name: str) -> str:
    """Where the test of a module lies: analysis.x.y -> tests/x/test_y.py, experiments.x -> tests/experiments/test_x.py.

    A package's own file is tested in its folder: analysis.nn.fused -> tests/nn/test_fused.py.
    """
    parts = name.split(".")
    folders = parts[1:-1] if parts[0] == "analysis" else parts[:-1]
    return "/".join(["tests", *folders, f"test_{parts[-1]}.py"])
