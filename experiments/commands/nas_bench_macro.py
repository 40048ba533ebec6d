"""`mnv2 nas-bench-macro`: the counts of the networks of NAS-Bench-Macro, compared with the published ones."""

import json as jsonlib
import sys
import time
from typing import Any, NamedTuple

from analysis.arch import unroll
from analysis.arch.nas_bench_macro import canonical, keys, published, variant
from analysis.cost import count
from analysis.problem import Problem
from analysis.reference import table

SHOWN = 10  # differences


class Counts(NamedTuple):
    """Parameters and multiply-adds of the network of a key, counted and published."""

    key: str
    params: int
    madds: int
    published_params: int
    published_madds: int

    @property
    def equal(self) -> bool:
        """Whether both counts are the published ones."""
        return (self.params, self.madds) == (self.published_params, self.published_madds)


def main(key: str | None = None, effects: bool = False, json: bool = False) -> None:
    """Count the 6,561 networks of NAS-Bench-Macro (arXiv:2103.11922) and compare with the published counts.

    Ends with status 1 if a count differs.

    `--effects` says what their published accuracies (50 epochs, three runs each) show: what a block buys at each layer,
    and which networks no other one beats at its cost. Nothing is trained.

    Args:
        effects: what the published accuracies show, instead.
        key: show one network instead: its text for --variant, its counts, its published accuracies.
        json: print JSON.

    Raises:
        Problem: a key that is not eight digits of 0, 1 and 2, or one together with --effects.
    """
    if effects:
        if key is not None:
            raise Problem("--effects is about all networks: leave --key out")
        print(_effects(json), end="")
        return
    started = time.perf_counter()
    rows = {row["key"]: row for row in table("nas_bench_macro")}
    chosen = keys() if key is None else (key,)
    found = [counted(each, rows) for each in chosen]
    different = [each for each in found if not each.equal]
    answer: dict[str, Any] = {
        "networks": len(found),
        "distinct": len(set(map(canonical, chosen))),
        "equal": len(found) - len(different),
        "different": [each._asdict() for each in different],
        "seconds": time.perf_counter() - started,
    }
    if key is not None:
        accuracies = list(published()[canonical(key)])
        answer = {"variant": variant(key).text, **found[0]._asdict(), "accuracies": accuracies}
    if json:
        print(jsonlib.dumps(answer, indent=2))
    else:
        print("\n".join(lines(answer) if key is None else (f"{name:16} {value}" for name, value in answer.items())))
    if different:
        sys.exit(1)


def counted(key: str, rows: dict[str, dict[str, str]]) -> Counts:
    """The counts of a key. `rows`: the published table by key.

    Raises:
        Problem: a key that is not eight digits of 0, 1 and 2.
    """
    cost = count(unroll(variant(key)))
    return Counts(key, cost.params, cost.madds, int(rows[key]["params"]), int(rows[key]["flops"]))


def _effects(json: bool) -> str:
    from experiments.measurements.macro.rows import front, gains

    if json:
        answer = {"gains": [gain._asdict() for gain in gains()], "front": [best._asdict() for best in front()]}
        return jsonlib.dumps(answer, indent=2) + "\n"
    from experiments.measurements.macro.tables import front_table, gains_table

    return f"{gains_table(gains()).markdown()}\n{front_table(front()).markdown()}"


def lines(answer: dict[str, Any]) -> list[str]:
    """The comparison of all networks as text: what differs, then the summary."""
    shown = [
        f"{each['key']}: {each['params']:,} parameters and {each['madds']:,} multiply-adds, published "
        f"{each['published_params']:,} and {each['published_madds']:,}"
        for each in answer["different"][:SHOWN]
    ]
    return [
        *shown,
        f"{answer['equal']:,} of {answer['networks']:,} networks ({answer['distinct']:,} distinct) have the published "
        f"parameters and multiply-adds, counted in {answer['seconds']:.1f} s",
    ]
