"""What a record contains about the machine, and what is reported about the extras."""

import pytest

from analysis import environment


def test_provenance_holds_these_facts_and_no_others():
    """They include no user, host or path."""
    facts = environment.environment()
    assert sorted(facts) == sorted(
        ("project", "commit", "python", "torch", "numpy", "device", "processor", "vectors", "bf16", "cores", "threads")
    )
    assert all(isinstance(value, str | int) and value not in ("", 0) for value in facts.values())


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("flags\t\t: fpu avx512f avx512_bf16 amx_bf16", "amx_bf16 avx512_bf16"),
        ("Features\t: fp asimd bf16", "bf16"),
        ("flags\t\t: fpu avx2", "none"),
        ("", "none"),
    ],
)
def test_bf16_instructions(monkeypatch, flags, expected):
    monkeypatch.setattr(environment.Path, "read_text", lambda path: f"processor\t: 0\n{flags}\n")
    assert environment.bf16_instructions() == expected


def test_a_system_that_does_not_describe_its_processors(monkeypatch):
    def refuse(path):
        raise FileNotFoundError(path)

    monkeypatch.setattr(environment.Path, "read_text", refuse)
    assert environment.bf16_instructions() == "none"
    assert environment.processor()


def test_missing_from_extras(monkeypatch):
    requirements = [
        "torch",
        "numpy>=1; python_version > '3'",
        'no-such-package[fast]>=2; extra == "some"',
        'pytest; extra == "some"',
        "pytest ; extra == 'all-there'",
    ]
    monkeypatch.setattr(environment, "requires", lambda project: requirements)
    assert environment.missing_from_extras() == {"some": ["no-such-package"], "all-there": []}


def test_extras_of_a_project_that_is_not_installed(monkeypatch):
    monkeypatch.setattr(environment, "PROJECT", "no-such-project")
    assert environment.missing_from_extras() == {}
