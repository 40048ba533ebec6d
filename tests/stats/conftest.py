"""Simulated studies with planted effects, and the check that a rate is as promised."""

import math
from collections.abc import Callable, Iterable

import numpy as np
import pytest

STUDIES = 2000


@pytest.fixture
def at_rate() -> Callable[[Iterable[bool], float], bool]:
    """Whether a share of hits is `rate` within four standard errors."""

    def check(hits: Iterable[bool], rate: float) -> bool:
        outcomes = [bool(hit) for hit in hits]
        assert len(outcomes) >= 1000, "too few simulated studies"
        seen, error = sum(outcomes) / len(outcomes), math.sqrt(rate * (1 - rate) / len(outcomes))
        print(f"{seen:.4f} of {len(outcomes)} studies, promised {rate:.4f} -+ {4 * error:.4f}")
        return abs(seen - rate) <= 4 * error

    return check


@pytest.fixture
def simulate() -> Callable[..., list[list[dict[int, float]]]]:
    """Studies of arms with the given means. Accuracies of one seed share a part of their noise."""

    def studies(
        means: Iterable[float],
        seeds: int = 5,
        sds: float | Iterable[float] = 1.0,
        shared: float = 1.0,
        number: int = STUDIES,
    ) -> list[list[dict[int, float]]]:
        centre = np.asarray(list(means))
        generator = np.random.default_rng(2018)
        common = shared * generator.standard_normal((number, 1, seeds))
        noise = generator.standard_normal((number, len(centre), seeds)) * np.reshape(np.asarray(sds), (-1, 1))
        values = (60 + centre[:, None] + common + noise).tolist()
        return [[dict(enumerate(arm)) for arm in study] for study in values]

    return studies
