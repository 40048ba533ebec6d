"""Every published table says where its numbers are from, by a column or by a comment."""

from importlib.resources import files

import pytest

from analysis import reference

TABLES = sorted(path.name.removesuffix(".csv") for path in files(reference).iterdir() if path.name.endswith(".csv"))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_rows_and_a_source(name):
    rows = reference.table(name)
    text = files(reference).joinpath(f"{name}.csv").read_text()
    assert rows
    assert all(row["source"] for row in rows) if "source" in rows[0] else text.startswith("# ")
    assert not any(value.startswith("#") for value in rows[0].values())


def test_a_claim_has_its_place_its_statement_and_its_judges():
    assert len(reference.claims()) == 46
    for claim in reference.claims().values():
        assert claim["section"] and claim["statement"] and claim["judged_by"]
