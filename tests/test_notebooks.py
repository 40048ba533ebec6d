"""The notebooks run from top to bottom, and each .ipynb equals its percent script, without outputs."""

import importlib
import io
import os
from pathlib import Path

import pytest
from matplotlib import pyplot

from analysis.problem import Problem
from experiments.commands import lab

FOLDER = Path(__file__).parent.parent / "notebooks"
SCRIPTS = sorted(FOLDER.glob("[0-9]*.py"))

jupytext = pytest.importorskip("jupytext", reason="the extra `notebooks` is not installed")
nbclient = pytest.importorskip("nbclient", reason="the extra `notebooks` is not installed")


def test_there_are_seven():
    assert [script.stem[:2] for script in SCRIPTS] == ["01", "02", "03", "04", "05", "06", "07"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_the_notebook_is_its_script(script):
    """To make them again: jupytext --to ipynb notebooks/[0-9]*.py"""
    ours, stored = jupytext.read(script), jupytext.read(script.with_suffix(".ipynb"))
    assert [(c.cell_type, c.source) for c in stored.cells] == [(c.cell_type, c.source) for c in ours.cells]
    assert all(not c.get("outputs") for c in stored.cells)
    assert ours.cells[0].source.startswith("# ")  # the title, with the question below it


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_it_runs(script, monkeypatch):
    pytest.importorskip("ipykernel", reason="the extra `notebooks` is not installed")
    for scheme in ("http", "https"):
        monkeypatch.setenv(f"{scheme}_proxy", "http://127.0.0.1:1")  # any request to a network is refused
    # It sends what a widget shows to the kernel, on the channel where the client waits for the reply. The client then
    # often notices the reply at its timeout only.
    monkeypatch.setattr("nbclient.output_widget.OutputWidget.sync_state", lambda widget: None)
    notebook = jupytext.read(script)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(FOLDER)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]


@pytest.mark.parametrize("script", [s for s in SCRIPTS if "slide(" in s.read_text()], ids=lambda script: script.stem)
def test_a_slider_shows_something_else_at_every_stop(script, monkeypatch):
    ipywidgets = pytest.importorskip("ipywidgets", reason="the extra `notebooks` is not installed")
    monkeypatch.syspath_prepend(FOLDER)
    monkeypatch.chdir(FOLDER)
    showing, shown, moved = importlib.import_module("showing"), [], []
    monkeypatch.setattr(showing, "show", lambda result: shown.append(looks(result)))
    interact = ipywidgets.interact

    def watched(make, **sliders):
        moved.append(sliders)
        return interact(make, **sliders)

    monkeypatch.setattr(ipywidgets, "interact", watched)
    exec(compile(script.read_text(), str(script), "exec"), {})
    for sliders in moved:
        for slider in sliders.values():
            first, shown[:] = slider.value, []
            for stop in slider.options:
                slider.value = stop
            assert len(set(shown)) == len(slider.options)
            slider.value = first
    assert moved


def looks(result):
    """What a reader sees of a result."""
    if not hasattr(result, "savefig"):
        return getattr(result, "data", result)
    picture = io.BytesIO()
    result.savefig(picture, format="png", dpi=60)
    pyplot.close(result)
    return picture.getvalue()


def test_the_lab_opens_where_the_notebooks_are(monkeypatch, tmp_path):
    calls = []
    program = tmp_path / "jupyter-lab"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setattr("os.execv", lambda path, arguments: calls.append((path, arguments, os.getcwd())))
    monkeypatch.chdir(tmp_path)
    lab.main(browser=False)
    assert calls == [(str(program), [str(program), "--no-browser"], str(FOLDER))]


def test_without_jupyterlab_one_line_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Problem, match="JupyterLab is not installed: .*notebooks"):
        lab.main()
