"""The tour runs, every link of README and docs leads somewhere, and what the pages name exists."""

import csv
import json
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.cli import COMMANDS
from experiments.studies.registry import STUDIES

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "results"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", RESULTS / "README.md", *(ROOT / "docs").glob("*.md")])
TEXTS = [path.read_text() for path in (*PAGES, *sorted((ROOT / "notebooks").glob("*.py")))]
MADE = ("results/scratch", "analysis/tasks/brightness")  # by a run; by the test of the example of a task
MODULE = re.compile(r"\b(?:analysis|experiments)(?:\.\w+)+")
FILE = re.compile(r"`((?:analysis|experiments|tests|results|docs|notebooks)/[\w./-]*)`")


def blocks(page: Path) -> str:
    """The Python of a page, at its lines of the page, so that a traceback points there."""
    lines, inside, code = page.read_text().splitlines(), False, []
    for line in lines:
        fence = line.startswith("```")
        code.append(line if inside and not fence else "")
        inside = not inside if fence and (inside or line == "```python") else inside
    return "\n".join(code) + "\n"


def test_the_tour_runs(tmp_path):
    (tmp_path / "tour.py").write_text(blocks(ROOT / "docs" / "tour.md"))
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "tour.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    assert "brief projection=relu6, seed 0: finished" in ran.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    missing = [to for to in links if "://" not in to and not (page.parent / to.partition("#")[0]).exists()]
    assert not missing


def test_files_that_a_page_names_exist():
    named = {name for text in TEXTS for name in FILE.findall(text)}
    assert len(named) > 30
    assert {
        name for name in named if not name.startswith(MADE) and "NAME" not in name and not (ROOT / name).exists()
    } == set()


def test_modules_that_a_page_names_exist():
    named = {name for text in TEXTS for name in MODULE.findall(text)}
    assert len(named) > 20
    for name in (name for name in named if "brightness" not in name):
        parts = name.split(".")
        paths = [ROOT.joinpath(*parts[:end]) for end in (len(parts), len(parts) - 1)]  # the last may be a name in it
        assert any(path.is_dir() or path.with_suffix(".py").is_file() for path in paths), name


def test_commands_and_studies_that_a_page_names_exist():
    texts = [re.sub(r"`mnv2 (?:study )?(?:COMMAND|NAME)[^`]*`", "", text) for text in TEXTS]
    commands = {name for text in texts for name in re.findall(r"\bmnv2 ([a-z]+(?:-[a-z]+)*)\b", text)}
    assert commands <= set(COMMANDS) and len(commands) > 10
    studies = {name for text in texts for name in re.findall(r"mnv2 study (?:run|show|plan) ([a-z][a-z-]+)\b", text)}
    assert studies <= set(STUDIES) and studies


def test_the_page_of_the_results_names_all_that_is_there():
    page = (RESULTS / "README.md").read_text()
    for path in RESULTS.iterdir():
        assert path.name == "README.md" or f"`{path.name}" in page or f"]({path.name})" in page, path.name
    for path in (RESULTS / "patterns").iterdir():
        assert f"`{path.name}`" in page


@pytest.mark.parametrize("recipe", ["brief", "short", "low-precision", "bccd", "camvid", "camvid-long"])
def test_the_page_of_the_results_names_every_key_of_a_record(recipe):
    page = (RESULTS / "README.md").read_text()
    record = json.loads(next(RESULTS.glob(f"trials/*/{recipe}/*.json")).read_text())
    result = record["result"]
    nested = [each for value in result.values() if isinstance(value, list) for each in value if isinstance(each, dict)]
    for part in (record, record["trial"], record["provenance"], result, *nested, result.get("validation", {})):
        assert [key for key in part if f"`{key}`" not in page] == []


def test_the_page_of_the_results_names_every_key_of_a_verdict():
    page = (RESULTS / "README.md").read_text()
    rows = [row for path in (RESULTS / "verdicts").glob("*.json") for row in json.loads(path.read_text())]
    assert rows and {key for row in rows for key in row if f"`{key}`" not in page} == set()


@pytest.mark.parametrize(
    ("studies", "said"),
    [
        (["ssd-heads-bccd-bccd"], "{} to {} points of AP"),
        (["segmentation-heads-camvid-camvid", "dense-linear-bottleneck-camvid-camvid"], "{} to {} points of mean IoU"),
    ],
)
def test_the_limits_say_what_the_tables_could_have_shown(studies, said):
    shown = [
        float(row["detectable"])
        for study in studies
        for row in csv.DictReader((RESULTS / "tables" / f"{study}.csv").open())
        if row["detectable"]
    ]
    assert said.format(round(min(shown)), round(max(shown))) in (ROOT / "docs" / "limits.md").read_text()


def test_what_came_out_of_the_patterns_is_what_was_measured():
    folder = ROOT / "experiments" / "measurements" / "patterns"
    text = " ".join(" ".join(path.read_text() for path in folder.glob("*.py")).split()).lower()
    recovery, dimensions = (
        [row for row in csv.DictReader((RESULTS / "patterns" / name).open()) if row["stage"] == "trained"]
        for name in ("recovery.csv", "dimensions.csv")
    )
    two, six = (
        100 * statistics.mean(float(row["linear"]) for row in recovery if row["arm"] == arm)
        for arm in ("expansion 2", "baseline")
    )
    assert f"{two:.0f} % of the variance from the activated expansion at expansion 2 and {six:.1f} % at 6" in text
    expanded, filtered = (
        [row for row in dimensions if (row["arm"], row["tensor"]) == ("baseline", tensor)]
        for tensor in ("expand.activation", "depthwise.activation")
    )
    shares = [
        100 * statistics.mean(int(row["components"]) / int(row["channels"]) for row in rows)
        for rows in (expanded, filtered)
    ]
    assert (
        "needs {:.0f} % of its channels for 95 % of the variance and the filtered one {:.0f} %".format(*shares) in text
    )
    near = [statistics.mean(float(row["twonn"]) for row in rows) for rows in (expanded, filtered)]
    channels = statistics.mean(int(row["channels"]) for row in expanded)
    assert f"nearest neighbours say {near[0]:.0f} and {near[1]:.0f} of {channels:.0f}" in text
