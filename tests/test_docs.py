"""The tour runs, and every link of README and docs leads somewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")])


def blocks(page: Path) -> str:
    """The Python of a page, at the lines where it stands there, so that a traceback points into the page."""
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    missing = [to for to in links if "://" not in to and not (page.parent / to.partition("#")[0]).exists()]
    assert not missing
