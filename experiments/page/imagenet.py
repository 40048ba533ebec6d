"""What others printed for ImageNet: accuracy against cost, to be set beside our own."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.problem import Problem
from analysis.reference import table
from analysis.render.page.parts import Chart, Grid, grid
from analysis.render.table import Table
from experiments.page.tradeoff import EVERY

QUANTITIES = {
    "madds": "multiply-adds of one image",
    "params": "parameters",
    "ms": "milliseconds on a Pixel 1 (CPU), as published",
    "memory": "peak activation memory, folded (bytes, one image, 32 bits)",
    "eager": "milliseconds here, torch",
    "onnxruntime": "milliseconds here, ONNX Runtime",
}
SHORT = {
    "madds": "multiply-adds",
    "params": "parameters",
    "ms": "Pixel 1 latency",
    "memory": "peak memory",
    "eager": "latency here, torch",
    "onnxruntime": "latency here, ONNX Runtime",
}
UNITS = {"madds": " M", "params": " M", "ms": " ms", "memory": " bytes", "eager": " ms", "onnxruntime": " ms"}
FAMILIES = ("MobileNetV2", "MobileNetV1", "ShuffleNet", "NASNet-A")


Measured = Mapping[str, Mapping[str, float]]


def measured(results: Path) -> Measured:
    """Checkpoint -> quantity -> amount, of those that `mnv2 latency` measured on one thread; empty without.

    Raises:
        Problem: its file is not what it wrote.
    """
    path = results / "latency.json"
    if not path.is_file():
        return {}
    try:
        return {
            f"mobilenet_v2_{row['network']}": {"memory": row["memory"]}
            | {name: time["median"] for name, time in row["latency"].items()}
            for row in json.loads(path.read_text())["networks"]
        }
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Problem(f"{path} holds no latencies ({error}): delete it and run mnv2 latency") from error


def imagenet_chart(timed: Measured) -> Chart:
    """Published top-1 accuracies on ImageNet, against what was published and what was measured here."""
    from analysis.render.page.charts import scatter, selector

    rows = published(timed)
    there = [name for name in QUANTITIES if any(name in row for row in rows)]
    sources = list(dict.fromkeys(row["printed"] for row in rows))
    tooltip = {"name": "title", "top1": "top-1 accuracy", **{f"{name}_text": SHORT[name] for name in there}}
    specification = scatter(
        rows,
        [
            selector("quantity", "cost", {name: SHORT[name] for name in there}),
            selector("source", "printed in", {EVERY: "all sources", **{name: name for name in sources}}),
        ],
        (f"source == '{EVERY}' || datum.printed == source",),
        {name: QUANTITIES[name] for name in there},
        FAMILIES,
        {**tooltip, "source": "source"},
        interval=False,
    )
    caption = (
        "Published, not measured here: single networks without interval, trained longer and on other data than ours, "
        "so that the shape of the curves can be set beside the chart above but no height."
    )
    alt = f"{len(rows)} published top-1 accuracies on ImageNet against multiply-adds, parameters or latency."
    return Chart("imagenet", specification, alt, caption)


def imagenet_table(timed: Measured) -> Grid:
    """The chart's points as printed, and as measured."""
    found = published(timed)
    there = [name for name in QUANTITIES if any(name in row for row in found)]
    rows = [[row["name"], *(row.get(name) for name in there), row["accuracy"], row["source"]] for row in found]
    columns = ("network", *(SHORT[name] for name in there), "top-1 %", "source")
    return grid("imagenet", Table("Published accuracies on ImageNet", columns, rows), folded=True)


def published(timed: Measured) -> list[dict[str, Any]]:
    """Every published point: name, group (family), accuracy, the QUANTITIES that are known, source."""
    found = []
    for row in table("table4_imagenet"):
        found.append(_published(row["network"], row, "top1", "madds_m", "params_m", "cpu_ms_pixel1", "Table 4"))
    for name, ms in (("slim_mobilenet_v2", "pixel1_cpu_ms"), ("slim_mobilenet_v1", "")):
        for row in table(name):
            point = _published(row["checkpoint"], row, "top1", "macs_m", "params_m", ms, "the authors' README")
            here = timed.get(row["checkpoint"], {})
            found.append({**point, **here} | {f"{key}_text": f"{here[key]:,.5g}{UNITS[key]}" for key in here})
    for row in table("figure5_points"):
        name = f"{row['family']} {row['variant']} at {row['resolution']}"
        found.append(_published(name, row, "top1_digitized", "madds_m_digitized", "", "", "Figure 5, digitised"))
    return found


def _published(
    name: str, row: dict[str, str], top1: str, madds: str, params: str, ms: str, printed: str
) -> dict[str, Any]:
    squeezed = (row.get("family") or name).lower().replace("_", "")
    family = next(family for family in FAMILIES if squeezed.startswith(family.lower()))
    point: dict[str, Any] = {
        "name": name,
        "group": family,
        "accuracy": float(row[top1]),
        "top1": f"{row[top1]} %",
        "printed": printed,
        "source": row["source"],
    }
    for key, column, unit in (("madds", madds, 1e6), ("params", params, 1e6), ("ms", ms, 1)):
        if column and row[column]:
            point[key] = float(row[column]) * unit
            point[f"{key}_text"] = row[column] + UNITS[key]
    return point
