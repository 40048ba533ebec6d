"""Answers of commands that are no studies, brought back from what these stored beside them.

What was measured is stored as numbers (latency*.json, splitting.json, patterns*/). What was only computed is stored as
the command that computes it, with the files that it wrote (computed/), and computed again where one of them is gone.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis.files import write_whole
from analysis.problem import Problem


def remember(results: Path, arguments: Sequence[str], paths: Sequence[Path]) -> Path:
    """Store that `mnv2 ARGUMENTS --results RESULTS` wrote `paths`, all below `results`; return where."""
    tables = [path.relative_to(results).as_posix() for path in paths]
    stored = {"command": list(arguments), "files": tables}
    stem = next(path.stem for path in paths if path.suffix == ".csv")
    return write_whole(results / "computed" / f"{stem}.json", (json.dumps(stored, indent=1) + "\n").encode())


def restored(results: Path) -> Iterator[Path]:
    """Write tables, figures and verdicts again, below `results`, from all that is stored there; yield the paths.

    Raises:
        Problem: a stored file is damaged.
    """
    from experiments.measurements.latency import view as latency_report
    from experiments.measurements.splitting import measure as bench_split

    for path in sorted(results.glob("latency*.json")):
        yield from latency_report.write(_read(path), results)
    for path in sorted(results.glob("splitting.json")):
        yield from bench_split.write(_read(path), results)
    for path in sorted(results.glob("patterns*/conditions.json")):
        yield from _patterns(path.parent, results)
    for path in sorted(results.glob("computed/*.json")):
        yield from _computed(_read(path), results)


def _patterns(folder: Path, results: Path) -> list[Path]:
    from experiments.measurements.patterns.measure import stored
    from experiments.measurements.patterns.view import write

    return write(stored(folder), _read(folder / "conditions.json")["note"], results, folder.name)


def _computed(stored: dict[str, Any], results: Path) -> list[Path]:
    from experiments.cli import run_command

    paths = [results / name for name in stored["files"]]
    if not all(path.is_file() for path in paths):
        run_command([*stored["command"], "--results", str(results)])
    return paths


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise Problem(f"{path} is damaged ({error}): delete it, or make it again by its own command") from error
