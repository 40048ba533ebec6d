"""`mnv2 lab` starts JupyterLab in the folder of the notebooks, or says what is missing."""

import os

import pytest

from analysis.problem import Problem
from experiments.commands import lab


@pytest.mark.parametrize(("browser", "options"), [(True, []), (False, ["--no-browser"])])
def test_it_starts_in_the_folder_of_the_notebooks(monkeypatch, browser, options):
    started = []
    monkeypatch.setattr(lab.shutil, "which", lambda *_, **__: "/bin/jupyter-lab")
    monkeypatch.setattr(os, "chdir", started.append)
    monkeypatch.setattr(os, "execv", lambda program, arguments: started.append((program, arguments)))
    lab.main(browser)
    assert started == [lab.NOTEBOOKS, ("/bin/jupyter-lab", ["/bin/jupyter-lab", *options])]


def test_what_is_missing_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(lab.shutil, "which", lambda *_, **__: None)
    with pytest.raises(Problem, match="JupyterLab is not installed: .*notebooks"):
        lab.main()
    monkeypatch.setattr(lab.shutil, "which", lambda *_, **__: "/bin/jupyter-lab")
    monkeypatch.setattr(lab, "NOTEBOOKS", tmp_path / "notebooks")
    with pytest.raises(Problem, match="there is no notebooks folder"):
        lab.main()
