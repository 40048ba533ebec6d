"""`mnv2 bench`: how fast the suite is on this machine."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal


def train(
    cases: tuple[Literal["brief", "0.35", "0.5", "1.0"], ...] = ("0.35", "0.5", "1.0", "brief"),
    rounds: int = 5,
    seconds: float = 4.0,
    cores: int = os.cpu_count() or 1,
    device: str = "cpu",
) -> None:
    """Rates of training steps: the plain loop, eager, fused; the share of the matrix peak; where the time goes.

    On an accelerator: eager and captured steps there, augmentation included.

    Args:
        cases: widths of the `cifar` preset (batch 128), or `brief` (batch 64).
        rounds: times that every configuration has its turn.
        seconds: of a turn.
        cores: threads of one process, or processes of one thread.
        device: what computes: cpu, cuda, cuda:1, mps, auto.

    Raises:
        Problem: such a device is not here.
    """
    from analysis.environment import processor
    from analysis.nn.fused.compiler import products
    from experiments.benches import step as bench_step
    from experiments.benches import train as bench_train

    if device != "cpu" and train_on(device, cases, rounds, seconds):
        return
    for case in cases:
        busy = os.getloadavg()[0]
        peaks = bench_step.matrix_peaks()
        rows = bench_train.summary(bench_train.measure(case, rounds, seconds, cores))
        print(f"\n{case}: images/s, median [range] of {rounds} rounds of {seconds:g} s; processes x threads")
        print(f"  {processor()}, fused kernels multiply {products()}; load {busy:.1f} on {os.cpu_count()} cores before")
        for row in rows:
            print(
                f"  {row['configuration']:28} {row['images/s']:7.0f} [{row['lowest']:.0f}, {row['highest']:.0f}]"
                f"   {row['to plain']:5.2f} x plain   {row['to best eager']:5.2f} x best eager"
                f"   {row['images/processor s']:6.0f} a processor second"
            )
        madds = bench_step.training_madds(case)
        single = next(row for row in rows if row["configuration"] == "fused, 1 x 1")
        rate = single["images/processor s"] * madds / 1e9
        shares = ", ".join(f"{rate / p:.1%} of the {p:.0f}e9 of large products in {t}" for t, p in peaks.items())
        print(
            f"  {madds / 1e6:.1f}e6 multiply-adds an image and step; one process does {rate:.1f}e9 a second: {shares}"
        )
        for name, milliseconds in bench_step.time_by_operator(case).items():
            print(f"    {name:28} {milliseconds:8.2f} ms")


def train_on(name: str, cases: Sequence[str], rounds: int, seconds: float) -> bool:
    """Print rates of training steps on an accelerator, in turns of so many seconds. Whether the device is one.

    Raises:
        Problem: such a device is not here.
    """
    from analysis.training.device import facts, find_device
    from experiments.benches.device import throughput

    device = find_device(name)
    if device.type == "cpu":
        return False
    print(f"{facts(device)['device']}: images/s, median [range] of {rounds} rounds of {seconds:g} s")
    for row in throughput(device, rounds, seconds, cases):
        print(
            f"  {row['width']:6} {row['backend']:10} {row['images/s']:8.0f} [{row['lowest']:.0f}, {row['highest']:.0f}]"
            f"   {row['to eager']:5.2f} x eager"
        )
    return True


def count(rounds: int = 7, json: bool = False) -> None:
    """Time a variant: the Plan with its counts, against fvcore, ptflops and torch's counter.

    Args:
        rounds: times that every contestant has its turn.
        json: print JSON.
    """
    from experiments.benches.count import count_speed

    count_speed(rounds, json)


def store(records: int = 5000, rounds: int = 7) -> None:
    """Time from a store of many records to a table.

    Args:
        records: how many.
        rounds: times that it is read.
    """
    from experiments.benches.store import store_speed

    store_speed(records, rounds)


def sweep(jobs: int = 2, trials: int = 4, steps: int = 30, rounds: int = 5) -> None:
    """Throughput of --jobs N against that of --jobs 1, on short trainings.

    Args:
        jobs: processes side by side.
        trials: of each turn.
        steps: of each trial.
        rounds: times that both have their turn.
    """
    from experiments.benches.sweep import sweep_speed

    sweep_speed(jobs, trials, steps, rounds)


def split(rounds: int = 25, seconds: float = 0.4, results: Path = Path("results")) -> None:
    """Run MobileNetV2 with its inner tensors split g ways: live bytes at the peak, time of an image, against g = 1.

    One thread, norms folded. Writes JSON, a table, a figure, and, from 20 rounds on, the verdict on memory-split-speed.
    Takes about two minutes, and means little on a machine that does anything else.

    Args:
        rounds: times that every g has its turn.
        seconds: of a turn.
        results: folder to write to.

    Raises:
        Problem: fewer than two rounds, or turns of no time.
    """
    from experiments.answers.answer import write
    from experiments.measurements.splitting.measure import NETWORK, WAYS, measure
    from experiments.measurements.splitting.view import answer, line, table, verdict

    measured = measure(NETWORK, WAYS, rounds, seconds)
    print(table(measured).markdown())
    print(line(measured), file=sys.stdout if verdict(measured) else sys.stderr)
    print("\n".join(map(str, write(answer(measured), results))))


VERBS = {"train": train, "count": count, "store": store, "sweep": sweep, "split": split}
