"""The audit has a row for every printed cost, in the paper's order, with the misprints marked."""

from experiments.audit import audit
from experiments.audit.rows import PARTS


def test_every_row_has_an_id_of_its_own():
    rows = audit()
    assert len({row.id for row in rows}) == len(rows) > 250
    assert len(rows) == sum(1 for part in PARTS for _ in part())


def test_only_a_number_that_nothing_else_explains_is_a_misprint():
    for row in audit():
        assert not row.misprint or (row.verdict == "differs" and not row.fits)
        assert not row.chance_likely or row.fits
