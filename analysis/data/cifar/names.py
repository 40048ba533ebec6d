"""Names of classes, as copies of a data set spell them."""

import re
from collections.abc import Sequence

from analysis.problem import Problem

ALIASES = {"plane": "airplane", "aeroplane": "airplane", "car": "automobile", "cra": "crab"}
SHORTEST = 3  # letters of a shortened name, as "maple" is one of "maple_tree"


def check_names(found: Sequence[str], classes: Sequence[str], origin: str) -> None:
    """Refuse a data set whose classes, in the order of its labels, are not `classes`.

    Raises:
        Problem: another number of them, or another name. It names `origin`.
    """
    if len(found) != len(classes):
        raise Problem(f"{origin} has {len(found)} classes, not {len(classes)}; is it another data set?")
    for label, (theirs, ours) in enumerate(zip(found, classes, strict=True)):
        if label_of(theirs, classes) != label:
            raise Problem(f"{origin} calls class {label} {theirs!r}, not {ours!r}; is it another data set?")


def label_of(name: str, classes: Sequence[str]) -> int | None:
    """The label of a class by its name, whatever its capitals and spaces, or by one that people use for it."""
    plain = re.sub(r"[\W_]+", "_", name.strip().lower())
    plain = ALIASES.get(plain, plain)
    if plain in classes:
        return classes.index(plain)
    longer = [label for label, each in enumerate(classes) if each.startswith(plain) and len(plain) >= SHORTEST]
    return longer[0] if len(longer) == 1 else None
