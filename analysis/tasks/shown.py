"""What records of boxes and masks keep besides their scores: guesses for comparison, and which images are shown."""

from dataclasses import dataclass

SHOWN = 3  # test images whose predictions a record keeps


@dataclass(frozen=True)
class Guess:
    """What a guess that sees no image scores on the test images, 0 ... 1: on the whole and by class, None where a class
    has no score."""

    name: str
    score: float | None
    classes: tuple[float | None, ...]


def shown_places(images: int) -> tuple[int, ...]:
    """Places of the few images that are shown, evenly spread over a split of so many."""
    most = min(SHOWN, images)
    return tuple((2 * i + 1) * images // (2 * most) for i in range(most))
