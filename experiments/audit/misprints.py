"""Printed multiply-adds that their own column contradicts, whatever network was counted.

At one width they are a constant, the classifier, and a multiple of the pixels, as long as each side is a multiple of
the total stride. So what is printed at two resolutions bounds what can be printed between them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analysis.reference import table
from experiments.audit.judge import window


@dataclass(frozen=True)
class Column:
    """Multiply-adds printed for one width: side of the input -> as printed, and the audit's row of each."""

    printed: Mapping[int, str]
    rows: Mapping[int, str]
    reading: bool

    def bounds(self, side: int) -> tuple[float, float] | None:
        """From where to where the number at `side` can lie by the nearest on both sides. None at an end."""
        below, above = [s for s in self.printed if s < side], [s for s in self.printed if s > side]
        if not below or not above:
            return None
        low, high = max(below), min(above)
        share = (side**2 - low**2) / (high**2 - low**2)
        ends = zip(self.window(low), self.window(high), strict=True)
        first, last = (a + (b - a) * share for a, b in ends)
        return first, last

    def window(self, side: int) -> tuple[float, float]:
        """From where to where values round to the number printed at `side`."""
        return window(self.printed[side], reading=self.reading)

    def fits(self, side: int) -> bool:
        """Whether the number at `side` fits between its neighbours."""
        between, (low, high) = self.bounds(side), self.window(side)
        return between is None or (low < between[1] and between[0] < high)

    def without(self, side: int) -> "Column":
        """The column but for one number."""
        return Column({s: text for s, text in self.printed.items() if s != side}, self.rows, self.reading)

    def misprints(self) -> list[int]:
        """Sides whose number does not fit where it is, while all others fit once it is left out."""
        wrong = [side for side in self.printed if not self.fits(side)]
        return [side for side in wrong if all(map((rest := self.without(side)).fits, rest.printed))]


def columns() -> Iterator[Column]:
    """A column a width of the two slim tables and of Figure 5."""
    cells = []
    for name in ("slim_mobilenet_v2", "slim_mobilenet_v1"):
        for r in table(name):
            cells.append(((name, r["width"]), r["resolution"], r["macs_m"], f"{r['checkpoint']}-madds", False))
    for r in table("figure5_points"):
        key = f"figure5-{r['family']}-{r['variant']}-{r['resolution']}"
        cells.append(((r["family"], r["variant"]), r["resolution"], r["madds_m_digitized"], key, True))
    found: dict[tuple[str, str], list[tuple[int, str, str, bool]]] = defaultdict(list)
    for width, side, printed, key, reading in cells:
        found[width].append((int(side), printed, key, reading))
    for entries in found.values():
        yield Column({s: p for s, p, _, _ in entries}, {s: k for s, _, k, _ in entries}, entries[0][3])


def misprints() -> dict[str, str]:
    """The audit's row of each misprint, and the argument in numbers."""
    result = {}
    for column in columns():
        for side in column.misprints():
            low, high = column.bounds(side) or column.window(side)
            others = ", ".join(f"{text} at {s}" for s, text in sorted(column.without(side).printed.items()))
            result[column.rows[side]] = (
                f"{others} agree with each other and put {low:.1f} to {high:.1f} here, whatever was counted"
            )
    return result


def between() -> int:
    """How many numbers lie between two others of their width."""
    return sum(column.bounds(side) is not None for column in columns() for side in column.printed)
