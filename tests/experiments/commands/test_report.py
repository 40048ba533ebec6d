"""`mnv2 report` of an empty folder writes what arithmetic gives, and says where."""

from experiments.commands.report import main


def test_an_empty_folder_gets_audit_scoreboard_and_page(tmp_path, capsys):
    main(results=tmp_path, readme=tmp_path / "none.md")
    out = capsys.readouterr().out
    for name in ("AUDIT.md", "VERDICTS.md", "report.html", "tables/audit.csv"):
        assert (tmp_path / name).is_file()
        assert str(tmp_path / name) in out
    assert "undecided" in out.splitlines()[-1]
