"""Records as a table, one row each."""

from collections.abc import Iterable
from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analysis.arch import label, parse_variant, unroll
from analysis.cost import count
from analysis.tasks.recipes import parse_recipe
from analysis.trials.record import Record

if TYPE_CHECKING:
    import pandas

FACTS = ("backend", "storage", "products", "threads", "processor", "torch", "commit", "seconds", "command")


def frame(records: Iterable[Record]) -> "pandas.DataFrame":
    """Id, label, every axis of the variant and field of the recipe, data set, seed, status, score in percent and
    what it measures, multiply-adds, parameters, attempts and provenance of each record."""
    import pandas

    return pandas.DataFrame([_row(record) for record in records])


def _row(record: Record) -> dict[str, Any]:
    trial = record.trial
    return {
        "id": trial.id,
        **_variant(trial.variant),
        **_recipe(trial.recipe),
        "dataset": trial.dataset,
        "note": record.note,
        "digest": trial.digest,
        "seed": trial.seed,
        "status": record.status,
        "metric": parse_recipe(trial.recipe).metric,
        "score": record.score,
        "attempts": record.attempts,
        **{fact: record.provenance.get(fact) for fact in FACTS},
    }


@lru_cache(maxsize=4096)
def _variant(text: str) -> dict[str, Any]:
    variant = parse_variant(text)
    cost = count(unroll(variant))
    axes = {field.name: _plain(getattr(variant, field.name)) for field in fields(variant)}
    return {"label": label(variant), "family": variant.family, "madds": cost.madds, "params": cost.params, **axes}


@lru_cache(maxsize=256)
def _recipe(text: str) -> dict[str, Any]:
    recipe = parse_recipe(text)
    return {f"recipe_{field.name}": _stated(getattr(recipe, field.name)) for field in fields(recipe)}


def _stated(value: Any) -> Any:
    """A recipe within a recipe as its text."""
    return getattr(value, "text", value)


def forget() -> None:
    """Empty the caches, as benchmarks want them."""
    for cached in (_variant, _recipe, parse_recipe):
        cached.cache_clear()


def _plain(value: Any) -> Any:
    """Values that hold others as text, so that a column has one type."""
    return value if isinstance(value, float | int | str) and not isinstance(value, bool) else repr(value)
