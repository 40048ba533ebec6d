"""Where the numbers come from: machines, versions, commands."""

from collections import Counter
from collections.abc import Iterable, Sequence

from analysis.render.page.parts import Section
from analysis.render.table import Table
from analysis.trials import Record

FACTS = ("processor", "device", "cores", "threads", "torch", "numpy", "python", "backend", "storage")


def environment_table(records: Iterable[Record]) -> Table:
    """A row for each environment that runs come from: how many, how many hours, at which commits."""
    grouped: dict[tuple[str, ...], list[Record]] = {}
    for record in records:
        facts = tuple(str(record.provenance.get(fact) or "") for fact in FACTS)
        grouped.setdefault(facts, []).append(record)
    rows = []
    for facts, mine in sorted(grouped.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        hours = sum(record.provenance.get("seconds") or 0 for record in mine) / 3600
        commits = Counter(str(record.provenance.get("commit") or "unknown") for record in mine)
        named = ", ".join(f"{commit} ({n})" for commit, n in sorted(commits.items()))
        rows.append((*facts, len(mine), round(hours, 2), named))
    notes = ("Commit: of the program that ran, with the number of runs; + marks files that differed from it.",)
    return Table("Environments of the stored runs", (*FACTS, "runs", "hours", "commit"), rows, notes)


def command_table(sections: Sequence[Section]) -> Table:
    """A row for each section and panel: the command that makes its numbers."""
    rows = [
        (section.title, panel.title if panel is not section else "", panel.command)
        for section in sections
        for panel in (section, *section.panels)
        if panel.command
    ]
    return Table("The command behind each number", ("section", "panel", "command"), rows)
