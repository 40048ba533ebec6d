"""Answers that arithmetic alone gives. They are stored with the arguments that compute them again.

computed/STEM.json has the name of the measurement, its arguments, the tables as values, the figures by name with what a
reader hears who cannot see them, and the files that were written.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, asdict, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from analysis.problem import Problem
from analysis.render.table import Table
from experiments.answers.answer import Answer, Drawing, as_json, write
from experiments.measurements.imagenet import operating as imagenet
from experiments.measurements.imagenet import view as imagenet_view
from experiments.measurements.manifold import measure as manifold
from experiments.measurements.manifold import view as manifold_view
from experiments.measurements.memory import measure as memory
from experiments.measurements.memory import view as memory_view


class Computation(NamedTuple):
    """A class of arguments, what computes from them, and the answer from what was computed."""

    arguments: type[Any]
    measure: Callable[[Any], Any]
    answer: Callable[[Any], Answer]


COMPUTATIONS = {
    "manifold": Computation(manifold.Arguments, manifold.measure, manifold_view.answer),
    "memory": Computation(memory.Arguments, memory.measure, memory_view.answer),
    "imagenet-operating": Computation(imagenet.Arguments, imagenet.measure, imagenet_view.operating_answer),
}
FOLDER = "computed"


def compute(name: str, arguments: Any) -> Answer:
    """The answer of a measurement, with the file that remembers how it was computed."""
    computation = COMPUTATIONS[name]
    return remembered(computation.answer(computation.measure(arguments)), name, arguments)


def remembered(answer: Answer, name: str, arguments: Any) -> Answer:
    """The answer with a further file: computed/STEM.json."""
    values = {
        "measurement": name,
        "arguments": asdict(arguments),
        "files": answer.files,
        "figures": {
            figure: {"formats": drawing.formats, "alt": drawing.alt} for figure, drawing in answer.figures.items()
        },
        "tables": {suffix: asdict(table) for suffix, table in answer.tables.items()},
    }
    return replace(answer, kept={**answer.kept, f"{FOLDER}/{answer.stem}.json": as_json(values)})


def renewed(results: Path) -> Iterator[Path]:
    """Compute again what has lost a file, or was stored in an earlier form, and write it. Yield the paths of all.

    Raises:
        Problem: a stored file is damaged.
    """
    for path, stored in _all(results):
        paths = [results / name for name in stored["files"]]
        if "tables" not in stored or not all(path.is_file() for path in paths):
            yield from write(compute(*_asked(path, stored)), results)
        else:
            yield from paths


def stored(results: Path) -> dict[str, list[Answer]]:
    """Measurement -> its answers, as they were computed. A figure of them is computed again when it is drawn.

    Raises:
        Problem: a stored file is damaged.
    """
    found: dict[str, list[Answer]] = {}
    for path, values in _all(results):
        name, arguments = _asked(path, values)
        tables = {suffix: _table(each) for suffix, each in values.get("tables", {}).items()}
        figures = {
            figure: Drawing(
                lambda figure=figure, of=(name, arguments): compute(*of).figures[figure].draw(),
                formats=tuple(each["formats"]),
                alt=each["alt"],
            )
            for figure, each in values.get("figures", {}).items()
        }
        found.setdefault(name, []).append(Answer(path.stem, tables, figures))
    return found


def _all(results: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted((results / FOLDER).glob("*.json")):
        try:
            values = json.loads(path.read_text())
            values["files"], _asked(path, values)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise Problem(f"{path} is damaged ({error}): delete it, or make it again by its own command") from error
        yield path, values


def _asked(path: Path, values: Mapping[str, Any]) -> tuple[str, Any]:
    """The measurement and its arguments."""
    if "command" in values:  # an earlier form: the words of a command line
        name, *words = values["command"]
        kind = COMPUTATIONS[name].arguments
        return name, kind(**_options(words, kind))
    name, given = values["measurement"], values["arguments"]
    kind = COMPUTATIONS[name].arguments
    return name, kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in given.items()})


def _options(words: Sequence[str], kind: type[Any]) -> dict[str, Any]:
    """--bits 32 --ways 2 4 --no-theory as arguments of a dataclass."""
    given: dict[str, list[str]] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            given[name := word.removeprefix("--")] = []
        else:
            given[name].append(word)
    values: dict[str, Any] = {}
    for field in fields(kind):
        default = field.default
        if isinstance(default, bool):
            values[field.name] = f"no-{field.name}" not in given
        elif isinstance(default, tuple):
            values[field.name] = tuple(map(int, given[field.name]))
        else:
            (word,) = given[field.name]
            values[field.name] = word if default is MISSING else type(default)(word)
    return values


def _table(values: Mapping[str, Any]) -> Table:
    columns, notes = tuple(values["columns"]), tuple(values["notes"])
    return Table(values["title"], columns, values["rows"], notes, values["digits"])
