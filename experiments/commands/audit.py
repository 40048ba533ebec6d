"""`mnv2 audit`: the costs that the paper prints, recomputed."""

import json as jsonlib
from dataclasses import asdict
from pathlib import Path

from experiments.audit import audit

WORKINGS = ("fits", "ratios", "window")  # of a row, for `experiments.audit.chance`


def main(json: bool = False, results: Path = Path("results")) -> None:
    """Recompute every printed cost, and where it differs say what reproduces it. Write AUDIT.md, a table and a figure.

    Args:
        json: print the rows as JSON and write nothing.
        results: folder of AUDIT.md, tables/ and figures/.
    """
    rows = audit()
    if json:
        shown = [
            {axis: v for axis, v in (asdict(row) | {"explanation": row.words}).items() if axis not in WORKINGS}
            for row in rows
        ]
        print(jsonlib.dumps(shown, indent=2))
        return
    from experiments.answers.answer import write
    from experiments.audit.report import answer, summary, trained

    paths = write(answer(rows, trained(results)), results)
    print(summary(rows).markdown())
    print("\n".join(map(str, paths)))
