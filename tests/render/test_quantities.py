"""Each quantity has one name, one unit and one format."""

import pytest

from analysis.cost.budget import QUANTITIES as COMPUTED
from analysis.render.quantities import QUANTITIES


@pytest.mark.parametrize(
    ("name", "amount", "text"),
    [
        ("madds", 3_157_568, "3,157,568"),
        ("memory", 16_257_024, "16,257,024 bytes"),
        ("pixel1", 75.0, "75 ms"),
        ("eager", 3.46789, "3.4679 ms"),
    ],
)
def test_an_amount_has_its_unit(name, amount, text):
    assert QUANTITIES[name].text(amount) == text


def test_columns_and_printed_amounts_name_the_unit():
    assert [QUANTITIES[name].column for name in ("madds", "folded", "pixel1")] == [
        *("MAdds (M)", "peak memory (MB)", "Pixel 1 time (ms)")
    ]
    assert QUANTITIES["params"].printed("3.4") == "3.4 M"
    assert QUANTITIES["pixel1"].printed("75") == "75 ms"


def test_what_a_budget_computes_can_be_shown():
    assert set(COMPUTED) <= set(QUANTITIES)
