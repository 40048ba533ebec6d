"""`mnv2 solve`: budgets as people write them, and the network that comes closest."""

import json

import pytest

from analysis.problem import Problem
from experiments.commands.options import Network
from experiments.commands.solve import main, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("300M", 300_000_000), ("1.25g", 1_250_000_000), ("250K", 250_000), ("299_500,000", 299_500_000), ("7", 7)],
)
def test_a_budget_is_read(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "1.5", "0", "-3", "3T", "M", "1.0005K"])
def test_a_budget_of_another_form_is_refused(text):
    with pytest.raises(Problem, match="is not a whole number of at least 1"):
        whole_number(text)


def test_the_paper_network_is_found_and_its_other_costs_said(capsys):
    main(madds="300774272", json=True)
    answer = json.loads(capsys.readouterr().out)
    assert (answer["difference"], answer["params"]) == (0, 3_504_872)
    main(Network(preset="brief"), memory="200K", schedule="folded", bits=8)
    said = capsys.readouterr().out
    assert "200,000  bytes of activations at the peak wanted" in said
    assert "MAdds" in said and "mobilenet_v2(width=" in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "give one budget"),
        ({"madds": "1M", "params": "1M"}, "give one budget"),
        ({"madds": "1M", "network": Network(width=0.5)}, "--width is what is searched"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options, message):
    with pytest.raises(Problem, match=message):
        main(**options)


def test_a_width_may_be_given_where_the_resolution_is_searched(capsys):
    main(Network(width=0.5), madds="50M", search="resolution", json=True)
    assert "resolution=160" in json.loads(capsys.readouterr().out)["variant"]
