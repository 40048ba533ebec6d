"""`mnv2 claims` writes the scoreboard into the README."""

import json

from analysis.reference import claims
from experiments.commands.claims import main


def test_the_scoreboard_goes_into_the_page_between_its_markers(tmp_path, capsys):
    page = tmp_path / "README.md"
    page.write_text("before\n<!-- scoreboard: mnv2 claims -->\nyesterday\n<!-- end of the scoreboard -->\nafter\n")
    main(results=tmp_path, readme=page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "yesterday" not in text
    assert text.count("\n| `") == len(claims())
    first = (tmp_path / "VERDICTS.md").read_bytes()
    main(results=tmp_path, readme=page)
    assert page.read_text() == text
    assert (tmp_path / "VERDICTS.md").read_bytes() == first
    capsys.readouterr()
    main(json=True, results=tmp_path)
    assert len(json.loads(capsys.readouterr().out)) == len(claims())
