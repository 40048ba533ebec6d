"""`mnv2 crosscheck`: other people's counters, explained item by item."""

import json as jsonlib
import sys
from itertools import groupby
from typing import Any

from analysis.nn.crosscheck import Check, crosscheck, installed_tools
from experiments.audit.crosscheck import networks


def main(json: bool = False, axes: bool = False) -> None:
    """Ask fvcore, ptflops, torch (torchinfo and thop where installed) about built modules, and explain what they print.

    Ends with status 1 if an item is missing: a residual that is not zero.

    Args:
        json: print JSON.
        axes: every combination of the block's axes in `brief` too (some minutes).
    """
    checks = crosscheck(networks(axes))
    if json:
        print(jsonlib.dumps([row(check) for check in checks], indent=2))
    else:
        print(report(checks))
    if any(check.residual for check in checks):
        sys.exit(1)


def row(check: Check) -> dict[str, Any]:
    """A check as plain values."""
    items = {item.reason: item.count for item in check.items}
    return check._asdict() | {"items": items, "residual": check.residual}


def report(checks: list[Check]) -> str:
    """One line a check, its items below."""
    lines: list[str] = []
    for network, group in groupby(checks, key=lambda check: check.network):
        lines.append(network)
        for check in group:
            lines.append(f"  {check.tool:14} {check.reported:>16,}   residual {check.residual:,}")
            lines += [f"    {item.count:>29,}   {item.reason}" for item in check.items]
    covered, wrong = len({check.network for check in checks}), sum(check.residual != 0 for check in checks)
    lines.append(f"{covered} networks, {', '.join(installed_tools())}: {wrong} residuals that are not zero")
    return "\n".join(lines)
