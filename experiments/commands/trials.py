"""`mnv2 trials`: all stored runs as a table."""

import sys
from pathlib import Path
from typing import Literal

from analysis.problem import Problem


def export(format: Literal["csv", "parquet"] = "csv", out: Path | None = None, results: Path = Path("results")) -> None:
    """One row a stored trial: every axis, the recipe, seed, status, accuracy, counts, provenance.

    Args:
        format: csv or parquet.
        out: the file to write. Without, CSV is printed.
        results: folder of the results.

    Raises:
        Problem: no trials, or parquet without a file.
    """
    from analysis.trials import Store
    from analysis.trials.frame import frame

    records, bad = Store(results / "trials").records()
    for line in bad:
        print(f"mnv2: {line}", file=sys.stderr)
    if not records:
        raise Problem(f"no trials in {results}: run a study first, mnv2 study run linear-bottleneck")
    table = frame(records)
    if format == "parquet":
        if out is None:
            raise Problem("parquet needs a file: --out trials.parquet")
        table.to_parquet(out)
    else:
        table.to_csv(out or sys.stdout, index=False)


def check(results: Path = Path("results")) -> None:
    """Name every file in the store that is not a good record.

    Args:
        results: folder of the results.

    Raises:
        Problem: a file of the store is not a good record.
    """
    from analysis.trials import Store

    records, bad = Store(results / "trials").records()
    print(f"{len(records)} good records")
    if bad:
        print("\n".join(bad), file=sys.stderr)
        raise Problem(f"{len(bad)} files in {results / 'trials'} are not good records, see above")


VERBS = {"export": export, "check": check}
