"""Docstrings, README.md and docs/*.md are plain English, by two counts: semicolons, and words with a better name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = [path for folder in ("analysis", "experiments") for path in sorted((ROOT / folder).rglob("*.py"))]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MOST_SEMICOLONS = 0.08  # of sentences
LEAST_WORDS = 4  # of a sentence; a heading or a label has fewer
# Word -> what a reader expects instead.
BETTER = {
    r"behind": "after",
    r"mended": "fixed, corrected",
    r"shut": "closed",
    r"told|tells": "said, distinguished",
    r"stands?": "is, means, holds",
    r"beside": "next to, besides",
    r"shelf|shelves": "section, store",
    r"(?:is|are|was|were) no": "is not a",
}
CODE_LINE = re.compile(r"\s*\||    (?:mnv2|MNV2_|python|from|import|\w+\()")  # or a row of a table
WORDS = re.compile(rf"\b(?:{'|'.join(BETTER)})\b(?!-)", re.IGNORECASE)  # "stand-in" is a word of its own


def documented() -> Iterator[tuple[str, str]]:
    """Every docstring and every page with its place."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and (text := ast.get_docstring(node)):
                yield f"{path.relative_to(ROOT)}:{getattr(node, 'name', '')}", text
    for path in PAGES:
        yield str(path.relative_to(ROOT)), path.read_text()


def prose(text: str) -> str:
    """The text without code blocks, tables, comments of HTML, addresses of links and identifiers."""
    text = re.sub(r"```.*?```|<!--.*?-->", " ", text, flags=re.DOTALL)
    lines = [line for line in text.splitlines() if not CODE_LINE.match(line)]
    return re.sub(r"`[^`]*`|\]\([^)]*\)", "X", "\n".join(lines))


def sentences(text: str) -> list[str]:
    """Sentences of at least four words; one ends at . ! ? before a space, at a blank line or with an item of a list."""
    parts = re.split(r"(?<=[.!?])\s+|\n\s*\n|\n\s*(?=[-*] )", prose(text))
    return [part for part in parts if len(re.findall(r"\w+", part)) >= LEAST_WORDS]


def test_few_sentences_have_a_semicolon():
    found = [(where, each) for where, text in documented() for each in sentences(text)]
    assert len(found) > 2000
    joined = [pair for pair in found if ";" in pair[1]]
    assert len(joined) / len(found) < MOST_SEMICOLONS, joined


def test_words_are_those_of_the_field():
    found = [(where, word) for where, text in documented() for word in WORDS.findall(prose(text))]
    assert found == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One two three four; five. Six seven eight nine.", 2),
        ("Too short. `a; b` is left out of what is counted.", 1),
        ("```\nfour words of code; more\n```\n| a | table | of | cells |\n", 0),
        ("- an item of four words\n- another item of four words", 2),
    ],
)
def test_sentences_are_found(text, count):
    assert len(sentences(text)) == count
    assert not any(";" in each and "`" in each for each in sentences(text))
