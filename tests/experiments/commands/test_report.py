"""`mnv2 report` writes the audit, the scoreboard and the page also where nothing has run yet."""

from experiments.claims.scoreboard import END, START
from experiments.commands.report import main


def test_an_empty_folder_has_a_page_without_ablations(tmp_path, capsys):
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{START}\n{END}\nafter\n")
    main(results=tmp_path / "results", readme=readme)
    *paths, tally = capsys.readouterr().out.splitlines()
    assert paths[-1] == str(tmp_path / "results" / "report.html")
    assert "not tested" in tally
    assert (tmp_path / "results" / "AUDIT.md").is_file()
    html = (tmp_path / "results" / "report.html").read_text()
    assert 'id="claims"' in html and 'id="audit"' in html
    assert 'id="ablations"' not in html
    assert readme.read_text().startswith("before\n") and readme.read_text().endswith("after\n")
