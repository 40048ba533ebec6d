"""What the paper says is transcribed whole."""

from analysis.reference import claims


def test_claims_are_all_there():
    assert len(claims()) == 46
    assert claims()["block-madds"]["kind"] == "count"
