"""The search for the widths at which the arms of a study take as long as its first arm.

Latency has no formula, so it is measured. Candidates of all arms are timed in the same rounds, so that a busy moment of
the machine hits all alike. A straight line through their logarithms (time against width) gives a first guess for each
arm. The widths around it are timed again, and the one whose mean ratio to the first arm is closest to 1 is taken.
"""

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence

import torch

from analysis.arch import Variant, unroll
from analysis.environment import environment
from analysis.nn.latency import latencies, runs
from analysis.problem import Problem
from analysis.stats.intervals import Estimate, mean_interval
from experiments.studies.widths import Equal, Widths, wide
from experiments.study import Study

RANGE = (0.4, 1.6)
"""Factors on a variant's own width between which its width is searched."""
COARSE, FINE = 4, 3
"""Candidates of an arm in the first and in the second measurement."""
STEP = 1.05
"""Factor between the candidates of the second."""

Times = Mapping[tuple[str, float], Sequence[float]]
"""(arm, width) -> logarithms of its times in the same rounds."""
Clock = Callable[[Mapping[str, Variant]], Mapping[str, Sequence[float]]]
"""Networks by name -> milliseconds of each, one for each of the same rounds."""


def measure(study: Study, runtime: str = "onnxruntime", rounds: int = 20, seconds: float = 0.05) -> Widths:
    """Time the arms at several widths, on one thread and for one image. `runtime`: "onnxruntime" or "eager".

    Every network has a turn of so many `seconds` in each of `rounds` rounds.

    Raises:
        Problem: as `searched`; ONNX Runtime is asked for and the extra `export` is not installed.
    """
    load = os.getloadavg()[0]
    torch.set_num_threads(1)

    def clock(networks: Mapping[str, Variant]) -> Mapping[str, Sequence[float]]:
        contestants = {name: runs(variant, runtime) for name, variant in networks.items()}
        return {name: found.turns for name, found in latencies(contestants, rounds, seconds).items()}

    arms = searched(study, clock)
    conditions = {"runtime": runtime, "batch": 1, "threads": 1, "rounds": rounds, "seconds": seconds, "load": load}
    return Widths(arms, {arm: variant.text for arm, variant in study.arms.items()}, conditions, environment())


def searched(study: Study, clock: Clock) -> dict[str, Equal]:
    """Arm -> the width at which it takes as long as the first arm, by `clock`.

    Raises:
        Problem: an arm without a width, or arms that no width within RANGE brings there, all of them named.
    """
    first, *others = study.arms
    low, high = RANGE
    factors = [low * (high / low) ** (i / (COARSE - 1)) for i in range(COARSE)]
    coarse = {arm: _around(study.arms[arm], getattr(study.arms[arm], "width", 1.0), factors) for arm in others}
    times = _timed(study, coarse, clock)
    near = [STEP ** (i - FINE // 2) for i in range(FINE)]
    fine, out_of_reach = {}, []
    for arm in others:
        ratios = {width: _log_ratio(times, (arm, width), (first, 0.0)).mean for width in coarse[arm]}
        if (guess := _crossing(ratios)) is None:
            shortest, longest = (math.exp(end(ratios.values())) for end in (min, max))
            widths = f"widths {min(ratios):g} to {max(ratios):g}"
            out_of_reach.append(f"{arm!r} ({shortest:.2f} to {longest:.2f} times as long at {widths})")
        else:
            fine[arm] = _around(study.arms[arm], guess, near)
    if out_of_reach:
        raise Problem(
            f"no width brings to the latency of {first!r}: {', '.join(out_of_reach)}. Leave these arms out, or take "
            "another first arm"
        )
    times = _timed(study, fine, clock)
    return {arm: min((_equal(times, (arm, w), (first, 0.0)) for w in fine[arm]), key=_distance) for arm in others}


def _around(variant: Variant, width: float, factors: Iterable[float]) -> list[float]:
    """Widths of different networks: `factors` times `width` to three decimals, or the variant's own width where that
    gives the same network."""
    own = getattr(variant, "width", width)
    named: dict[tuple, float] = {_shapes(wide(variant, own)): own}
    around = [round(width * factor, 3) for factor in factors]
    return list(dict.fromkeys(named.setdefault(_shapes(wide(variant, each)), each) for each in around))


def _shapes(variant: Variant) -> tuple:
    return tuple(unroll(variant).shapes.items())


def _timed(study: Study, widths: Mapping[str, Sequence[float]], clock: Clock) -> Times:
    """Of the first arm, at (its name, 0), and of the others at their widths."""
    first = next(iter(study.arms))
    networks = {(first, 0.0): study.arms[first]}
    networks |= {(arm, width): wide(study.arms[arm], width) for arm, some in widths.items() for width in some}
    found = clock({f"{arm} at {width}": variant for (arm, width), variant in networks.items()})
    return {key: [math.log(time) for time in found[f"{key[0]} at {key[1]}"]] for key in networks}


def _log_ratio(times: Times, this: tuple[str, float], that: tuple[str, float]) -> Estimate:
    return mean_interval(a - b for a, b in zip(times[this], times[that], strict=True))


def _crossing(ratios: Mapping[float, float]) -> float | None:
    """The width at which a straight line through log ratios over log width meets 0. None outside of the widths."""
    x, y = [math.log(width) for width in ratios], list(ratios.values())
    middle, mean = math.fsum(x) / len(x), math.fsum(y) / len(y)
    slope = math.fsum((a - middle) * (b - mean) for a, b in zip(x, y, strict=True))
    slope /= math.fsum((a - middle) ** 2 for a in x)
    if slope <= 0:
        return None
    width = math.exp(middle - mean / slope)
    return width if min(ratios) <= width <= max(ratios) else None


def _equal(times: Times, this: tuple[str, float], first: tuple[str, float]) -> Equal:
    found = _log_ratio(times, this, first)
    return Equal(this[1], math.exp(found.mean), math.exp(found.low), math.exp(found.high))


def _distance(found: Equal) -> float:
    return abs(math.log(found.ratio))
