"""Every network of NAS-Bench-Macro has the published counts, and the command says so."""

import json
import time

import pytest

from analysis.arch import parse_variant, unroll
from analysis.cost import count
from analysis.problem import Problem
from experiments.commands import nas_bench_macro
from experiments.commands.nas_bench_macro import main


def test_all_counts_are_the_published_ones(capsys):
    started = time.process_time()
    main(json=True)
    assert time.process_time() - started < 10
    answer = json.loads(capsys.readouterr().out)
    assert answer.pop("seconds") > 0
    assert answer == {"networks": 6561, "distinct": 3969, "equal": 6561, "different": []}


def test_one_network_is_shown_with_its_text(capsys):
    main("02012100", json=True)
    answer = json.loads(capsys.readouterr().out)
    assert answer["accuracies"] == [89.47, 88.95, 89.17]
    cost = count(unroll(parse_variant(answer["variant"])))
    assert (answer["published_params"], answer["published_madds"]) == (cost.params, cost.madds) == (890666, 47327744)
    main("02012100")
    assert "mobilenet_v2(width=1.0, resolution=32" in capsys.readouterr().out
    with pytest.raises(Problem, match="key '0123' is not 8 digits of 0, 1, 2"):
        main("0123")


def test_effects_are_tables_or_json(capsys):
    main(effects=True)
    text = capsys.readouterr().out
    assert text.startswith("## What a layer buys") and "| 22212220 |" in text
    main(effects=True, json=True)
    answer = json.loads(capsys.readouterr().out)
    assert len(answer["gains"]) == 16 and answer["front"][0]["key"] == "00000000"
    with pytest.raises(Problem, match="leave --key out"):
        main("02012100", effects=True)


def test_a_difference_is_printed_and_ends_with_status_1(capsys, monkeypatch):
    wrong = [
        {"key": "02012100", "params": "890666", "flops": "1", "accuracy1": "1", "accuracy2": "1", "accuracy3": "1"}
    ]
    monkeypatch.setattr(nas_bench_macro, "table", lambda _: wrong)
    monkeypatch.setattr(nas_bench_macro, "keys", lambda: ("02012100",))
    with pytest.raises(SystemExit, match="1"):
        main()
    first, last = capsys.readouterr().out.splitlines()
    assert first == ("02012100: 890,666 parameters and 47,327,744 multiply-adds, published 890,666 and 1")
    assert last.startswith("0 of 1 networks (1 distinct) have the published")
