"""What a verdict rests on, as facts that the scoreboard sorts by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Evidence:
    """Who gave a verdict, and from which runs.

    - `judge`: name of the study or the measurement, with its kind: "study:headline", "measurement:latency".
    - `dataset`, `recipe`: names, "" where nothing was trained. `epochs`: of the recipe.
    - `fresh`: whether the runs are of fresh seeds, which repeat a study.
    """

    judge: str = ""
    dataset: str = ""
    recipe: str = ""
    epochs: int = 0
    fresh: bool = False
