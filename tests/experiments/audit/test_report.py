"""The audit's files say what was found, and link to what was trained where that is there."""

from experiments.answers.answer import write
from experiments.audit import audit
from experiments.audit.report import answer, cells, summary, trained


def test_files(tmp_path):
    assert trained(tmp_path) == []
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "segmentation-heads-camvid-camvid.md").write_text("an answer")
    paths = write(answer(audit(), trained(tmp_path)), tmp_path)
    assert {path.suffix for path in paths} == {".md", ".csv", ".tex", ".png", ".svg", ".pdf"}
    text = (tmp_path / "AUDIT.md").read_text()
    assert "not explained" in text
    assert "[Table 7](tables/segmentation-heads-camvid-camvid.md) reach, trained here" in text
    assert "Tables 5 and 6](" not in text


def test_a_person_reads_what_weakens_an_explanation():
    weak = next(row for row in audit() if row.chance_likely)
    misprint = next(row for row in audit() if row.misprint)
    assert any(str(cell).startswith("may be chance: ") for cell in cells(weak))
    assert any(str(cell).startswith("a misprint: ") for cell in cells(misprint))


def test_the_summary_counts_every_row_once():
    *lines, total = summary(audit()).rows
    assert sum(total[1:4]) == len(audit())
    assert [sum(line[i] for line in lines) for i in range(1, 7)] == list(total[1:])
    assert total[5] == sum(row.chance_likely for row in audit())
    assert total[6] == sum(row.misprint for row in audit()) == 2
