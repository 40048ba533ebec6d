"""Rules of measurements under stated truths: wrong rarely, right where the claim holds well within its limit."""

from pathlib import Path

from experiments.power.measured import FILLED, GRADIENTS, RATIOS, SHARES, SPREADS, measured_table, write

RESULTS = Path(__file__).parents[3] / "results"


def test_rules_are_rarely_wrong_and_mostly_right_away_from_their_limits():
    found = measured_table(RESULTS, 60)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    assert len(rows) == 2 * len(SHARES) + len(RATIOS) + len(FILLED) + len(SPREADS) * len(GRADIENTS)
    assert all(row["wrong %"] <= 15 for row in rows)  # 5 % of 60 studies, and their sampling error
    by = {(row["measured"], row["truth"]): row for row in rows}
    assert by["latency, eager", "5% of pairs swapped"]["supported %"] >= 80
    assert by["latency, eager", "20% of pairs swapped"]["contradicted %"] >= 80
    assert by["spread in that of coins", "1.00"]["supported %"] >= 80
    assert by["components in those of a Gaussian", "1.00"]["contradicted %"] >= 80
    assert all(by[f"a ratio, sd of its log {sd:g}", "2"]["supported %"] >= 80 for sd in SPREADS)


def test_the_committed_table_has_thousands_of_studies_and_keeps_its_promise():
    found = (RESULTS / "tables" / "power-measured.md").read_text()
    assert "4,000 simulated measurements a line" in found
    wrong = [
        float(line.split("|")[-3])
        for line in found.splitlines()
        if line.startswith(("| latency-", "| figure7", "| short"))
    ]
    assert len(wrong) == 2 * len(SHARES) + len(RATIOS) + len(SPREADS) * len(GRADIENTS)
    assert max(wrong) <= 5 + 0.7  # two standard errors of 4,000 studies


def test_without_measurements_only_what_was_planned_is_tabulated(tmp_path):
    assert {row[0] for row in measured_table(tmp_path, 10).rows} == {"shortcuts-carry-gradients"}
    assert [path.name for path in write(tmp_path, 10)] == [f"power-measured.{form}" for form in ("md", "csv", "tex")]
