"""`mnv2 docs` renders what the docstrings say, of every module."""

import builtins
import re
from pathlib import Path

import pytest

from analysis.problem import Problem
from experiments.commands.docs import modules, render

ROOT = Path(__file__).parents[3]


def test_every_module_has_a_page():
    files = [path for package in ("analysis", "experiments") for path in (ROOT / package).rglob("*.py")]
    dotted = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in files}
    assert set(modules()) == dotted


def test_a_page_shows_the_whole_docstring(tmp_path):
    pytest.importorskip("pdoc", reason="the extra `docs` is not installed")
    render(["analysis.manifold.theory.collapse", "analysis.nn.weights"], tmp_path)
    text = (tmp_path / "analysis" / "manifold" / "theory" / "collapse.html").read_text()
    assert "sum_{k &lt; n} C(m, k)" in text
    page = (tmp_path / "analysis" / "nn" / "weights.html").read_text()
    assert "read_weights" in page
    assert re.search(r"<strong>Problem:</strong>\s*no such file", page)  # an error under Raises
    assert (tmp_path / "index.html").is_file()
    assert (tmp_path / "search.js").is_file()


def test_without_pdoc_it_says_how_to_get_it(monkeypatch, tmp_path):
    real = builtins.__import__

    def without(name, *rest):
        if name.startswith("pdoc"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(Problem, match=r"pdoc is not installed: .*docs"):
        render(["analysis"], tmp_path)
