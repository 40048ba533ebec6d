"""`mnv2 claims` writes findings and counts into the README."""

import json

from analysis.reference import claims
from experiments.claims import findings
from experiments.claims.scoreboard import END, START
from experiments.commands.claims import main


def test_the_scoreboard_goes_into_the_page_between_its_markers(tmp_path, capsys):
    page = tmp_path / "README.md"
    page.write_text(f"before\n{START}\nyesterday\n{END}\nbetween\n{findings.START}\n{findings.END}\nafter\n")
    main(results=tmp_path, readme=page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "yesterday" not in text
    assert "\n- Arithmetic and theory, 27 statements: " in text
    assert "\n- Measured, 19 statements: 19 not tested.\n" in text
    assert text.count("\n- `") == len(findings.FINDINGS)  # none is measured here
    first = (tmp_path / "VERDICTS.md").read_bytes()
    main(results=tmp_path, readme=page)
    assert page.read_text() == text
    assert (tmp_path / "VERDICTS.md").read_bytes() == first
    capsys.readouterr()
    main(json=True, results=tmp_path)
    assert len(json.loads(capsys.readouterr().out)) == len(claims())
