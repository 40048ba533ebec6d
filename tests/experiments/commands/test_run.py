"""`mnv2 run` takes CIFAR-10 where it is and synthetic images where it is not."""

import pytest

from analysis.problem import Problem
from experiments.commands import run as run_command


@pytest.fixture
def asked(monkeypatch):
    """What the main job asks for, instead of an answer."""
    calls = []
    monkeypatch.setattr(run_command, "run", lambda name, options: calls.append((name, options.dataset)))
    return calls


def test_without_data_and_network_the_main_job_goes_on_with_synthetic_images(asked, monkeypatch, tmp_path, capsys):
    def refuse(*arguments):
        raise Problem("no network")

    monkeypatch.setenv("MNV2_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("analysis.data.cifar.load.fetch", refuse)
    run_command.main()
    assert asked == [("headline", "synthetic")]
    assert "SYNTHETIC" in capsys.readouterr().err


def test_the_main_job_takes_cifar_where_it_is_and_refuses_a_folder_without_it(options, asked, monkeypatch, tmp_path):
    monkeypatch.setenv("CIFAR10_DIR", str(options.data_dir))
    run_command.main()
    assert asked == [("headline", None)]
    monkeypatch.setenv("CIFAR10_DIR", str(tmp_path / "results"))
    with pytest.raises(Problem, match="does not exist"):
        run_command.main()
