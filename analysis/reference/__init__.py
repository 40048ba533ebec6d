"""Published facts: numbers that other people published about MobileNetV2 and related networks, each with its source."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


def table(name: str) -> list[dict[str, str]]:
    """Rows of a published table as printed ("table4_imagenet").

    The column `source` has the place. In a table without it, lines that begin with # have it.
    """
    lines = files(__name__).joinpath(f"{name}.csv").read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def claims() -> Mapping[str, Mapping[str, Any]]:
    """The paper's checkable statements by id: `section`, `kind`, `statement`, and `judged_by`, the names of the judges,
    of whom the first that has given a verdict decides."""
    import yaml

    return {claim.pop("id"): claim for claim in yaml.safe_load(files(__name__).joinpath("claims.yaml").read_text())}
