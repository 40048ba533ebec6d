"""The test split opens for a training that has come to its end, and for nothing else."""

from typing import Any

import pytest

from analysis.data.finished import Finished, TestSplit
from analysis.problem import Problem


class Similar(Finished):
    """It certifies what it likes."""


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def split(opened: list[str]) -> TestSplit[int]:
    return TestSplit(lambda: opened.append("test") or len(opened))


@pytest.mark.parametrize("other", [None, True, (3, 3), Similar(3, 3), Finished])
def test_only_a_certificate_opens_it(split: TestSplit[int], opened: list[str], other: Any) -> None:
    with pytest.raises(TypeError, match="opens with a Finished certificate, not "):
        split(other)
    assert opened == []


@pytest.mark.parametrize(("steps", "planned"), [(2, 3), (4, 3), (0, 0), (-1, -1)])
def test_a_training_that_is_not_over_does_not_open_it(
    split: TestSplit[int], opened: list[str], steps: int, planned: int
) -> None:
    with pytest.raises(Problem, match=f"{steps} of {planned} steps are done; finish the training first"):
        split(Finished(steps, planned))
    assert opened == []


def test_it_is_read_when_it_is_asked_for_and_not_before(split: TestSplit[int], opened: list[str]) -> None:
    assert split(Finished(3, 3)) == 1
    assert opened == ["test"]
