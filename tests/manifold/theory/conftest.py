"""The theory checked once for all of these tests: it takes seconds."""

import pytest

from analysis.manifold.theory import theory_checks, theory_verdicts


@pytest.fixture(scope="session")
def checks():
    return theory_checks(seed=0)


@pytest.fixture(scope="session")
def verdicts(checks):
    """(claim, part) -> verdict."""
    return {(v.claim, v.part): v for v in theory_verdicts(checks)}
