"""How many seeds a study needs."""

from dataclasses import replace

import pytest

from analysis.problem import Problem
from experiments.commands import study


def test_a_plan_says_how_many_seeds_a_difference_needs(options, capsys):
    with pytest.raises(Problem, match="no trials on cifar10"):
        study.plan("pair", options=options)
    study.run("pair", replace(options, seeds=(0, 1)))
    with pytest.raises(Problem, match="needs three seeds"):
        study.plan("pair", options=options)
    study.run("pair", replace(options, seeds=(0, 1, 2, 3)))
    capsys.readouterr()
    study.plan("pair", detect=30.0, options=options)
    few = capsys.readouterr().out
    study.plan("pair", detect=3.0, options=options)
    many = capsys.readouterr().out
    needed = [int(text.split("|")[6].replace(",", "")) for text in (line(few), line(many))]
    assert needed[0] < needed[1]
    with pytest.raises(Problem, match="--detect 0"):
        study.plan("pair", detect=0.0, options=options)


def line(text):
    """The table's row on relu6 - linear."""
    return next(row for row in text.splitlines() if "relu6 - linear" in row)
