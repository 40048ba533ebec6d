"""A folder of results with made runs of two studies, and the page of it."""

from pathlib import Path

from quick_figures import one_format

from analysis.render.table import Table
from analysis.tasks.recipes import recipe
from analysis.trials import Record, Store, Trial
from experiments.answers.answer import Answer, Drawing, write
from experiments.answers.report import Found, found_in, report_page
from experiments.claims.scoreboard import scoreboard
from experiments.studies.registry import find_study

STUDIES = {name: f"experiments.{name.replace('-', '_')}" for name in ("linear-bottleneck", "width-resolution")}
SVG = """<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="40pt" viewBox="0 0 90 40"><title>made</title>
<rect x="4" y="4" width="82" height="32" style="fill: #ffffff; stroke: #000000"/></svg>
"""


def fill(results: Path, patch) -> None:
    """Store a run of every arm and seed of the two studies, and their answers; all else sees those studies alone."""
    patch.setattr("experiments.answers.report.STUDIES", STUDIES)
    patch.setattr("experiments.page.tradeoff.STUDIES", STUDIES)
    patch.setattr("experiments.answers.answer.write_figure", one_format)
    store, brief = Store(results / "trials"), recipe("brief")
    for study in map(find_study, STUDIES):
        for i, (name, variant) in enumerate(study.arms.items()):
            for seed in study.seeds:
                trial = Trial(variant.text, brief.text, "cifar10", "d", seed)
                if name == "relu" and seed == 1:
                    store.write(Record(trial, "diverged", {"epochs": []}, "JPEG copy"))
                    continue
                counts = {"test_correct": 4000 + 131 * i % 700 + 37 * seed * (i + 1) % 90, "test_images": 10000}
                store.write(Record(trial, "finished", counts, "JPEG copy", {"seconds": 60.0, "commit": "0a1b2c"}))
    for asked in found_in(results).asked:
        write(asked.answer, results)
    (results / "figures" / "manifold").mkdir()
    (results / "figures" / "manifold" / "panels.svg").write_text(SVG)


def found(results: Path) -> Found:
    """What `fill` stored, and a made measurement of the manifold with a figure and a table."""
    table = Table("Made <table>", ("name", "value"), [("</script><b>", -0.5)], ("A `note` & more.",))
    panels = Drawing(lambda: None, alt="a spiral")
    return found_in(results)._replace(
        measured={"manifold": [Answer("manifold", {"": table}, {"manifold/panels": panels})]}
    )


def write_page(results: Path) -> Path:
    """report.html of what `fill` stored."""
    return report_page(scoreboard(results), found(results), results)[-1]
