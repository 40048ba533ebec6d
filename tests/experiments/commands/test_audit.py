"""`mnv2 audit` prints every row with its fields, or writes the files."""

import json

from experiments.audit import audit
from experiments.commands.audit import main


def test_json_has_every_row_with_what_weakens_its_explanation(capsys):
    main(json=True)
    printed = json.loads(capsys.readouterr().out)
    assert len(printed) == len(audit()) > 250
    fields = {"id", "where", "quantity", "printed", "computed", "ratio", "verdict", "explanation"}
    assert fields <= set(printed[0])
    for row in printed:
        assert row["chance_likely"] == row["explanation"].startswith("may be chance: ")
        assert row["misprint"] == row["explanation"].startswith("a misprint: ")


def test_files_and_the_summary(capsys, tmp_path):
    main(results=tmp_path)
    out = capsys.readouterr().out
    assert out.startswith("## Verdicts") and str(tmp_path / "AUDIT.md") in out
    assert (tmp_path / "tables" / "audit.csv").is_file()
