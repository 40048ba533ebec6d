"""Published facts: numbers that other people published about MobileNetV2 and related networks, each with its source."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


def table(name: str) -> list[dict[str, str]]:
    """Rows of a published table as printed ("table4_imagenet"). The column `source` says where."""
    return list(csv.DictReader(files(__name__).joinpath(f"{name}.csv").read_text().splitlines()))


@cache
def claims() -> Mapping[str, Mapping[str, Any]]:
    """The paper's checkable statements by id: `section`, `kind`, `statement`, and `judged_by`, the names of the judges,
    of whom the first that has given a verdict decides."""
    import yaml

    return {claim.pop("id"): claim for claim in yaml.safe_load(files(__name__).joinpath("claims.yaml").read_text())}
