"""`mnv2 report`: the answers of all studies, the audit and the scoreboard again, from what is stored."""

from pathlib import Path


def main(results: Path = Path("results"), readme: Path = Path("README.md")) -> None:
    """Write the audit and the answers of all studies from the stored records, then the scoreboard.

    The same records give the same bytes. Nothing is trained or measured, and no data set is needed. What ReLU does to
    a manifold has a command of its own, `mnv2 manifold`.

    Args:
        results: folder of everything.
        readme: a page that holds the scoreboard between its markers.
    """
    from experiments.report import report
    from experiments.scoreboard import scoreboard, tally, write

    for path in report(results):
        print(path)
    board = scoreboard(results)
    for path in write(board, results, readme):
        print(path)
    print(tally(board))
