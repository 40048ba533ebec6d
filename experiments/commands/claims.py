"""`mnv2 claims`: every claim of the paper with its verdict."""

import json as jsonlib
from pathlib import Path


def main(json: bool = False, results: Path = Path("results"), readme: Path = Path("README.md")) -> None:
    """Collect the verdicts on all claims of the paper. Write VERDICTS.md and the README's findings.

    Args:
        json: print the rows as JSON and write nothing.
        results: folder of VERDICTS.md and of what studies have written.
        readme: a page that holds findings and counts between their markers.
    """
    from experiments.claims.scoreboard import scoreboard, tally, write

    board = scoreboard(results)
    if json:
        print(jsonlib.dumps(board, indent=1))
        return
    for row in board:
        print(f"{row['id']:28} {row['verdict']}")
    print(tally(board))
    print("\n".join(map(str, write(board, results, readme))))
