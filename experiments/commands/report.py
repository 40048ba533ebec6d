"""`mnv2 report`: the answers of all studies, the audit, the scoreboard and the page of it all, from what is stored."""

from pathlib import Path


def main(results: Path = Path("results"), readme: Path = Path("README.md")) -> None:
    """Write the audit and the answers of all studies from the stored records, then the scoreboard, and
    the page that shows it all, report.html.

    The same records give the same bytes. Nothing is trained or measured, and no data set is needed. Tables of latency,
    split blocks and activations come from what was measured. Those of `mnv2 manifold` and `mnv2 memory`, where they
    have been deleted, are computed again, which takes half a minute.

    Args:
        results: folder of everything.
        readme: a page that holds findings and counts between their markers.
    """
    from experiments.answers.report import found_in, report, report_page
    from experiments.claims.scoreboard import scoreboard, tally, write

    found = found_in(results)
    for path in report(found, results):
        print(path)
    board = scoreboard(results)
    for path in (*write(board, results, readme), *report_page(board, found, results)):
        print(path)
    print(tally(board))
