"""What others printed for ImageNet: accuracy against cost, to be compared with our own."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.reference import table
from analysis.render.page.charts import scatter, selector
from analysis.render.page.parts import Chart, Grid, grid
from analysis.render.quantities import QUANTITIES as EVERY_QUANTITY
from analysis.render.table import Table
from experiments.measurements.latency.rows import COSTS, stored
from experiments.page.tradeoff import EVERY

QUANTITIES = {name: EVERY_QUANTITY[name] for name in ("madds", "params", "pixel1", "folded", "eager", "onnxruntime")}
V2, V1, SHUFFLENET, NASNET = FAMILIES = ("MobileNetV2", "MobileNetV1", "ShuffleNet", "NASNet-A")
# Names that the paper prints -> families.
TABLE_4 = {
    "MobileNetV1": V1,
    "ShuffleNet (1.5)": SHUFFLENET,
    "ShuffleNet (x2)": SHUFFLENET,
    "NasNet-A": NASNET,
    "MobileNetV2": V2,
    "MobileNetV2 (1.4)": V2,
}
FIGURE_5 = {"MobileNetV1": V1, "MobileNetV2": V2, "ShuffleNet": SHUFFLENET, "NasNet-A": NASNET}
SLIM = {"slim_mobilenet_v2": V2, "slim_mobilenet_v1": V1}
# Quantity -> column of a table, and how many of the quantity make 1 there.
COLUMNS = {
    "table4_imagenet": {"madds": ("madds_m", 1e6), "params": ("params_m", 1e6), "pixel1": ("cpu_ms_pixel1", 1)},
    "slim_mobilenet_v2": {"madds": ("macs_m", 1e6), "params": ("params_m", 1e6), "pixel1": ("pixel1_cpu_ms", 1)},
    "slim_mobilenet_v1": {"madds": ("macs_m", 1e6), "params": ("params_m", 1e6)},
    "figure5_points": {"madds": ("madds_m_digitized", 1e6)},
}

Measured = Mapping[tuple[float, int], Mapping[str, float]]


def measured(results: Path) -> Measured:
    """(Width, resolution) of MobileNetV2 -> quantity -> amount, of the checkpoints that `mnv2 latency` measured on one
    thread. Empty without.

    Raises:
        Problem: its file is not what it wrote.
    """
    return {
        (row["width"], row["resolution"]): {COSTS["memory"]: row["memory"]}
        | {name: time["median"] for name, time in row["latency"].items()}
        for found in stored(results)
        if found.conditions["threads"] == 1
        for row in found.networks
    }


def imagenet_chart(timed: Measured) -> Chart:
    """Published top-1 accuracies on ImageNet, against what was published and what was measured here."""
    rows = list(published(timed))
    there = [name for name in QUANTITIES if any(name in row for row in rows)]
    short = {name: QUANTITIES[name].short for name in there}
    sources = list(dict.fromkeys(row["printed"] for row in rows))
    tooltip = {"name": "title", "top1": "top-1 accuracy", **{f"{name}_text": short[name] for name in there}}
    specification = scatter(
        rows,
        [
            selector("quantity", "cost", short),
            selector("source", "printed in", {EVERY: "all sources", **{name: name for name in sources}}),
        ],
        (f"source == '{EVERY}' || datum.printed == source",),
        {name: QUANTITIES[name].label for name in there},
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
    found = list(published(timed))
    there = [name for name in QUANTITIES if any(name in row for row in found)]
    rows = [[row["name"], *(row.get(name) for name in there), row["accuracy"], row["source"]] for row in found]
    columns = ("network", *(QUANTITIES[name].short for name in there), "top-1 %", "source")
    return grid("published", Table("Published accuracies on ImageNet", columns, rows), folded=True)


def published(timed: Measured) -> Iterator[dict[str, Any]]:
    """Every published point: name, group (family), accuracy, the QUANTITIES that are known, source."""
    for row in table("table4_imagenet"):
        name = row["network"]
        yield _point(name, TABLE_4[name], row["top1"], "Table 4", row["source"]) | _costs("table4_imagenet", row)
    for slim, family in SLIM.items():
        for row in table(slim):
            at = float(row["width"]), int(row["resolution"])
            here: Mapping[str, float] = timed.get(at, {}) if family == V2 else {}
            point = _point(row["checkpoint"], family, row["top1"], "the authors' README", row["source"])
            texts = {f"{key}_text": QUANTITIES[key].text(amount) for key, amount in here.items()}
            yield {**point, **_costs(slim, row), **here, **texts}
    for row in table("figure5_points"):
        name, family = f"{row['family']} {row['variant']} at {row['resolution']}", FIGURE_5[row["family"]]
        point = _point(name, family, row["top1_digitized"], "Figure 5, digitised", row["source"])
        yield point | _costs("figure5_points", row)


def _point(name: str, family: str, top1: str, printed: str, source: str) -> dict[str, Any]:
    named = {"name": name, "group": family, "accuracy": float(top1), "top1": f"{top1} %"}
    return named | {"printed": printed, "source": source}


def _costs(where: str, row: Mapping[str, str]) -> dict[str, Any]:
    """The amounts that a row prints, as numbers and as text."""
    found: dict[str, Any] = {}
    for name, (column, unit) in COLUMNS[where].items():
        if printed := row[column]:
            found |= {name: float(printed) * unit, f"{name}_text": QUANTITIES[name].printed(printed)}
    return found
