"""Rules on orders under stated truths: wrong rarely, right at the effect of interest."""

from pathlib import Path

from experiments.power.ranking import TAUS, ranking_table, write

RESULTS = Path(__file__).parents[3] / "results"


def test_rules_are_rarely_wrong_and_mostly_right_well_above_their_margins(monkeypatch):
    monkeypatch.setattr("experiments.power.ranking.TAUS", (0.5, 0.85))
    found = ranking_table(30, draws=100)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    assert [row["true tau"] for row in rows] == [0.5, 0.5, 0.85, 0.85]
    assert all(row["wrong %"] <= 15 for row in rows)  # 5 % of 30 studies, and their sampling error
    assert all(row["supported %"] >= 80 for row in rows[2:])
    assert all(row["coverage %"] >= 85 for row in rows)


def test_the_committed_table_has_thousands_of_studies_and_keeps_its_promise():
    found = (RESULTS / "tables" / "power-ranking.md").read_text()
    assert "4,000 simulated studies a line" in found
    lines = [line.split("|")[1:-1] for line in found.splitlines() if line.startswith("| tau above")]
    assert len(lines) == 2 * len(TAUS)
    assert max(float(cells[6]) for cells in lines) <= 5 + 0.7  # two standard errors of 4,000 studies
    right = {(cells[0].strip(), float(cells[1])): float(cells[3]) for cells in lines}
    assert right["tau above 0.5", 0.7] >= 80
    assert right["tau above that of multiply-adds", 0.8] >= 80


def test_it_is_written_as_a_table(tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.power.ranking.TAUS", (0.5,))
    assert [path.name for path in write(tmp_path, 2)] == [f"power-ranking.{form}" for form in ("md", "csv", "tex")]
