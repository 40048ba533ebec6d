"""Boxes on a coarse grid, so that some coincide, touch or are empty."""

from hypothesis import strategies as st

EDGES = st.integers(0, 8)


@st.composite
def box_lists(draw):
    """Lists of corners (left, top, right, bottom), eighths of a unit."""
    rows = draw(st.lists(st.tuples(EDGES, EDGES, EDGES, EDGES), max_size=8))
    return [(min(a, c) / 8, min(b, d) / 8, max(a, c) / 8, max(b, d) / 8) for a, b, c, d in rows]


def cells(box):
    """The unit cells of the grid that a box covers."""
    left, top, right, bottom = (round(8 * edge) for edge in box)
    return {(i, j) for i in range(top, bottom) for j in range(left, right)}


def shared(a, b):
    """Intersection over union of two boxes, cell by cell."""
    a, b = cells(a), cells(b)
    return len(a & b) / len(a | b) if a | b else 0.0
