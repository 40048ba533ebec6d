"""The certificate that a training is over."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finished:
    """Made by the training loop after its last step; opens the test split once steps = planned."""

    steps: int
    planned: int
