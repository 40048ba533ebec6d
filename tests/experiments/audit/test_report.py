"""TODO"""



def test_json_and_files(capsys, tmp_path, rows):
    main(json=True)
    printed = json.loads(capsys.readouterr().out)
    assert len(printed) == len(rows) > 250
    fields = {"id", "where", "quantity", "printed", "computed", "ratio", "verdict", "explanation"}
    assert fields <= set(printed[0])
    assert trained(tmp_path) == []
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "segmentation-heads-camvid-camvid.md").write_text("an answer")
    paths = write(list(rows.values()), tmp_path)
    assert {path.suffix for path in paths} == {".md", ".csv", ".tex", ".png", ".svg", ".pdf"}
    text = (tmp_path / "AUDIT.md").read_text()
    assert "not explained" in text
    assert "[Table 7](tables/segmentation-heads-camvid-camvid.md) reach, trained here" in text
    assert "Tables 5 and 6](" not in text


def test_claims_are_all_there():
    assert len(claims()) == 40
    assert claims()["block-madds"]["kind"] == "count"
