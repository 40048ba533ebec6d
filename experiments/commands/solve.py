"""`mnv2 solve`: the network of a family that comes closest to a budget."""

import json as jsonlib
import re
from functools import partial
from typing import Annotated, Literal

import tyro

from analysis.arch import Plan, label, unroll
from analysis.cost.budget import QUANTITIES, solve
from analysis.cost.memory import memory as live_bytes
from analysis.problem import Problem
from experiments.commands.options import Network

UNITS = {"madds": "MAdds", "params": "parameters", "memory": "bytes of activations at the peak"}
FACTORS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


def main(
    network: Annotated[Network, tyro.conf.OmitArgPrefixes] = Network(),  # noqa: B008 (frozen)
    madds: str | None = None,
    params: str | None = None,
    memory: str | None = None,
    search: Literal["width", "resolution", "both"] = "width",
    resolutions: tuple[int, int] | None = None,
    schedule: Literal["eager", "folded", "split", "block", "training"] = "eager",
    bits: int = 32,
    json: bool = False,
) -> None:
    """Find the width (or the resolution, or both) at which a network comes closest to a budget.

    Channels are whole, so cost climbs in steps: every network up to twice the widest one within the budget is counted.
    Of equally close ones it is one of the resolution nearest to the given, and of those the narrowest. Its width is
    written with as few decimals as name it.

    Args:
        network: the network, without what is searched.
        madds: budget of multiply-adds: 300M, 1.25G, 299500000.
        params: budget of parameters: 3.4M.
        memory: budget of peak activation memory in bytes: 2.5M.
        search: what to choose.
        resolutions: lowest and highest resolution to search. Half and twice the network's without.
        schedule: of the memory. `split` is two ways.
        bits: of an element in memory: 8, 16, 32.
        json: print JSON.

    Raises:
        Problem: not one budget, a budget that is not a number or below every network, or a searched axis that is given.
    """
    budgets = {name: text for name, text in (("madds", madds), ("params", params), ("memory", memory)) if text}
    if len(budgets) != 1:
        raise Problem("give one budget: --madds 300M, --params 3.4M or --memory 2.5M")
    if search != "resolution" and network.width is not None:
        raise Problem("--width is what is searched: leave it out, or --search resolution")
    ((quantity, text),) = budgets.items()
    budget = whole_number(text)
    measures = QUANTITIES | {"memory": partial(peak, schedule=schedule, bits=bits)}
    variant = solve(network.choose(), measures[quantity], budget, search, resolutions)
    amounts = {name: measure(unroll(variant)) for name, measure in measures.items()}
    achieved = amounts[quantity]
    answer = {
        "variant": variant.text,
        "quantity": quantity,
        "budget": budget,
        "achieved": achieved,
        "difference": achieved - budget,
        "relative": achieved / budget - 1,
        **amounts,
    }
    if json:
        print(jsonlib.dumps(answer, indent=2))
        return
    print(label(variant))
    print(f"  {budget:>15,}  {UNITS[quantity]} wanted")
    print(f"  {achieved:>15,}  reached: {achieved - budget:+,}, {achieved / budget - 1:+.3%}")
    for name in UNITS:
        if name != quantity:
            print(f"  {amounts[name]:>15,}  {UNITS[name]}")
    print(f"  {variant.text}")


def peak(plan: Plan, schedule: str, bits: int) -> int:
    """Peak activation memory in bytes."""
    return live_bytes(plan, schedule, bits).peak.bytes


def whole_number(text: str) -> int:
    """300M, 1.25G, 3.4M, 250K or plain digits as a number.

    Raises:
        Problem: another form, a fraction, or less than 1.
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([KMG]?)", text.replace("_", "").replace(",", "").upper())
    whole, _, fraction = match[1].partition(".") if match else ("", "", "")
    scaled = int(whole + fraction) * FACTORS[match[2]] if match else 0
    number, rest = divmod(scaled, 10 ** len(fraction))
    if rest or number < 1:
        raise Problem(f"budget {text!r} is not a whole number of at least 1: write 300M, 1.25G or 299500000")
    return number
