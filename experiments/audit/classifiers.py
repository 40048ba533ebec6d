"""The audit of classifiers: Tables 2 and 4, Figure 5, the two tables of released checkpoints."""

from collections.abc import Iterator

from analysis.arch import Variant, preset, unroll
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.nasnet import NASNet
from analysis.arch.shufflenet_v1 import ShuffleNetV1
from analysis.cost import count
from analysis.reference import table
from experiments.audit.guesses import madds_guesses, params_guesses
from experiments.audit.judge import Row, judge

MILLION = 1e6
TABLE_4: dict[str, Variant] = {
    "MobileNetV1": MobileNetV1(),
    "ShuffleNet (1.5)": ShuffleNetV1(width=1.5),
    "ShuffleNet (x2)": ShuffleNetV1(width=2.0),
    "NasNet-A": NASNet(),
    "MobileNetV2": preset("imagenet"),
    "MobileNetV2 (1.4)": preset("imagenet", width=1.4),
}
SHUFFLENETS = {
    "2x g=3": ShuffleNetV1(width=2.0),
    "1.5x g=3": ShuffleNetV1(width=1.5),
    "1x g=8": ShuffleNetV1(groups=8),
    "0.5x g=4": ShuffleNetV1(width=0.5, groups=4),
    "0.25x g=8": ShuffleNetV1(width=0.25, groups=8),
}


def table2() -> Iterator[Row]:
    """Each row's input size and channels against the Plan's."""
    plan = unroll(preset("imagenet"))
    firsts = [plan.blocks[0], *(plan.blocks[i] for i in (1, 2, 4, 7, 11, 14, 17)), plan.blocks[18], plan.blocks[19]]
    shapes = [block.body.inputs["x"] for block in firsts]
    for row, (channels, height, _) in zip(table("table2_architecture"), shapes, strict=False):
        side, inputs = row["input_side"], row["input_channels"]
        yield judge(f"table2-{row['row']}-side", "Table 2", f"row {row['row']}: input side", side, height)
        yield judge(f"table2-{row['row']}-channels", "Table 2", f"row {row['row']}: input channels", inputs, channels)


def table4() -> Iterator[Row]:
    """Parameters and multiply-adds."""
    for row in table("table4_imagenet"):
        yield from both("table4", "Table 4", row["network"], TABLE_4[row["network"]], row["madds_m"], row["params_m"])


def slim() -> Iterator[Row]:
    """The released checkpoints. Their columns leave norms out of the parameters on MobileNetV2."""
    for row in table("slim_mobilenet_v2"):
        variant = preset("imagenet", width=float(row["width"]), resolution=int(row["resolution"]))
        cost, name = count(unroll(variant)), row["checkpoint"]
        yield judge(f"{name}-madds", "slim V2", f"{name}: MAdds (M)", row["macs_m"], cost.madds, unit=MILLION)
        yield judge(
            f"{name}-params",
            "slim V2",
            f"{name}: parameters without norms (M)",
            row["params_m"],
            cost.params_without_norm,
            params_guesses(variant),
            MILLION,
        )
    for row in table("slim_mobilenet_v1"):
        v1 = MobileNetV1(width=float(row["width"]), resolution=int(row["resolution"]))
        yield from both(row["checkpoint"], "slim V1", row["checkpoint"], v1, row["macs_m"], row["params_m"])


def figure5() -> Iterator[Row]:
    """The x axis, read from the drawing to a tenth of a million."""
    for row in table("figure5_points"):
        name = f"{row['family']} {row['variant']} {row['resolution']}"
        variant: Variant
        if row["family"] == "ShuffleNet":
            variant = SHUFFLENETS[row["variant"]]
        elif row["family"] == "NasNet-A":
            variant = NASNet()
        elif row["family"] == "MobileNetV1":
            variant = MobileNetV1(width=float(row["variant"]), resolution=int(row["resolution"]))
        else:
            variant = preset("imagenet", width=float(row["variant"]), resolution=int(row["resolution"]))
        yield judge(
            f"figure5-{name.replace(' ', '-')}",
            "Figure 5",
            f"{' '.join(name.split())}: MAdds (M)",
            row["madds_m_digitized"],
            count(unroll(variant)).madds,
            madds_guesses(variant),
            MILLION,
            reading=True,
        )


def both(identity: str, where: str, name: str, variant: Variant, madds: str, params: str) -> Iterator[Row]:
    """Multiply-adds and parameters, in millions."""
    cost = count(unroll(variant))
    key = f"{identity}-{name.replace(' ', '-')}" if identity != name else name
    yield judge(f"{key}-madds", where, f"{name}: MAdds (M)", madds, cost.madds, madds_guesses(variant), MILLION)
    yield judge(
        f"{key}-params", where, f"{name}: parameters (M)", params, cost.params, params_guesses(variant), MILLION
    )
