"""What others printed for ImageNet: accuracy against cost, to be set beside our own."""

from typing import Any

from analysis.reference import table
from analysis.render.report.parts import Chart, Grid, grid_of
from analysis.render.table import Table
from experiments.page.tradeoff import EVERY

QUANTITIES = {"madds": "multiply-adds of one image", "params": "parameters", "ms": "milliseconds on a Pixel 1 (CPU)"}
SHORT = {"madds": "multiply-adds", "params": "parameters", "ms": "latency"}
FAMILIES = ("MobileNetV2", "MobileNetV1", "ShuffleNet", "NASNet-A")


def imagenet_chart() -> Chart:
    """Published top-1 accuracies on ImageNet."""
    from analysis.render.report.charts import scatter, selector

    rows = published()
    sources = list(dict.fromkeys(row["printed"] for row in rows))
    specification = scatter(
        rows,
        [
            selector("quantity", "cost", SHORT),
            selector("source", "printed in", {EVERY: "all sources", **{name: name for name in sources}}),
        ],
        (f"source == '{EVERY}' || datum.printed == source",),
        QUANTITIES,
        FAMILIES,
        {"name": "title", "top1": "top-1 accuracy", "madds_text": "multiply-adds", "params_text": "parameters",
         "ms_text": "Pixel 1", "source": "source"},
        interval=False,
    )  # fmt: skip
    caption = (
        "Published, not measured here: single networks without interval, trained longer and on other data than ours, "
        "so that the shape of the curves can be set beside the chart above but no height."
    )
    alt = f"{len(rows)} published top-1 accuracies on ImageNet against multiply-adds, parameters or latency."
    return Chart("imagenet", specification, alt, caption)


def imagenet_table() -> Grid:
    """The chart's points as printed."""
    rows = [[row.get(key) for key in ("name", "madds", "params", "ms", "accuracy", "source")] for row in published()]
    columns = ("network", "multiply-adds", "parameters", "Pixel 1 ms", "top-1 %", "source")
    return grid_of("imagenet", Table("Published accuracies on ImageNet", columns, rows), folded=True)


def published() -> list[dict[str, Any]]:
    """Every published point: name, group (family), accuracy, madds, params, ms (where printed), source."""
    found = []
    for row in table("table4_imagenet"):
        found.append(_published(row["network"], row, "top1", "madds_m", "params_m", "cpu_ms_pixel1", "Table 4"))
    for name, ms in (("slim_mobilenet_v2", "pixel1_cpu_ms"), ("slim_mobilenet_v1", "")):
        for row in table(name):
            found.append(_published(row["checkpoint"], row, "top1", "macs_m", "params_m", ms, "the authors' README"))
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
            point[f"{key}_text"] = row[column] + {"madds": " M", "params": " M", "ms": " ms"}[key]
    return point
