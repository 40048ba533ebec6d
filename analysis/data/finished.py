"""The certificate that a training is over, and the test split, which opens for nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from analysis.problem import Problem

Content = TypeVar("Content")


@dataclass(frozen=True)
class Finished:
    """Made after the last step of a training, when `steps` equals `planned`."""

    steps: int
    planned: int


@dataclass(frozen=True)
class TestSplit(Generic[Content]):
    """The test images of a data set with what they are scored against; `read` reads their files."""

    __test__: ClassVar[bool] = False  # it is not a test for pytest to collect

    read: Callable[[], Content]

    def __call__(self, certificate: Finished) -> Content:
        """The content of the split, for a training that has come to its end.

        Raises:
            TypeError: `certificate` is not a Finished.
            Problem: the training that it certifies is not over.
        """
        if type(certificate) is not Finished:
            raise TypeError(f"the test split opens with a Finished certificate, not {type(certificate).__name__}")
        if not 0 < certificate.planned == certificate.steps:
            raise Problem(
                f"the test split stays closed: {certificate.steps} of {certificate.planned} steps are done; "
                "finish the training first, or use the validation split"
            )
        return self.read()
