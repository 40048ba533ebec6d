"""`mnv2 price`: what each part of the network buys at each budget, and what it costs."""

from pathlib import Path

from analysis.problem import Problem


def main(measure: bool = False, rounds: int = 20, seconds: float = 0.1, results: Path = Path("results")) -> None:
    """Print and write the price list of the stored runs: table and figure.

    Args:
        measure: time the networks on this machine first and keep their latencies, which takes about seven minutes,
            most of them to export.
        rounds: times that every network has its turn.
        seconds: of a turn.
        results: folder with the trials, and to write to.

    Raises:
        Problem: no run that the list needs is stored, or turns that leave nothing to measure.
    """
    from experiments.answers.answer import write
    from experiments.measurements.price import rows
    from experiments.measurements.price.view import answer

    if measure:
        _measure(rounds, seconds, results)
    found = rows.stored(results)
    if not found:
        raise Problem(f"{results} has no runs of a part of the list: mnv2 study run budget-1 is the first to need")
    made = answer(found[0])
    print(made.tables[""].markdown())
    print("\n".join(map(str, write(made, results))))


def _measure(rounds: int, seconds: float, results: Path) -> None:
    """Time the networks and keep what was measured."""
    from analysis.files import write_whole
    from experiments.answers.answer import as_json
    from experiments.commands.latency import available
    from experiments.measurements.price import rows
    from experiments.measurements.price.measure import measure

    if rounds < 2 or seconds <= 0:
        raise Problem("--rounds is at least 2, --seconds above 0")
    timed = measure(available(("onnxruntime", "eager"))[0], rounds, seconds)
    print(write_whole(results / rows.FILE, as_json(timed._asdict())))
