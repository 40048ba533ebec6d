"""`mnv2 docs`: the API reference, rendered by pdoc from the docstrings."""

import pkgutil
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from analysis.problem import Problem
from experiments.commands.doctor import ROOT, installation

PACKAGES = ("analysis", "experiments")


def main(out: Path = Path("results/scratch/api")) -> None:
    """Write the API reference of the library and of the studies as HTML, with a search. It takes about half a minute.

    Args:
        out: folder to write to.

    Raises:
        Problem: pdoc is missing.
    """
    render(list(modules()), out)
    print(out / "index.html")


def modules() -> Iterator[str]:
    """Dotted names of every module, also of those that a package does not export."""
    for package in PACKAGES:
        yield package
        yield from (found.name for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}."))


def render(names: Sequence[str], out: Path) -> None:
    """Write a page for each module, and an index, below `out`.

    Raises:
        Problem: pdoc is missing.
    """
    try:
        import pdoc
        import pdoc.render
    except ImportError as error:
        raise Problem(f"pdoc is not installed: {installation('docs')}") from error
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The module specification")  # a package names its modules again
        warnings.filterwarnings("ignore", "Error parsing type annotation")  # of what is imported for types alone
        pdoc.render.configure(docformat="google")
        pdoc.pdoc(*names, output_directory=out)
