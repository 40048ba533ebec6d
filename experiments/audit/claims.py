"""The audit of the paper's arithmetic in words: the claims of kind `count` and `memory` that no table repeats."""

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from analysis.arch import Shape, preset, unroll
from analysis.arch.blocks import full, separable
from analysis.arch.deeplab import DeepLabV3
from analysis.arch.inverted_residual import Bottleneck, inverted_residual
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.plan import Add, Body, Conv
from analysis.cost import body_cost, count
from analysis.reference import claims, table
from experiments.audit.guesses import madds_guesses, padded_madds, params_guesses
from experiments.audit.heads import evaluation
from experiments.audit.judge import Row, judge

MILLION = 1e6
BASE = preset("imagenet")
BOTTLENECK = "inverted_residual"  # kind of a Body


def block(x: Shape, expansion: int, channels: int, stride: int = 1) -> Body:
    """The block of Table 1 with ReLU6 and a linear projection."""
    return inverted_residual(x, Bottleneck(expansion * x[0], channels, (3, stride, 1), ("relu6", "linear"), False))


def section(claim: str) -> str:
    """Where the paper says it."""
    return f"section {claims()[claim]['section']}"


def table1() -> Iterator[Row]:
    """Sizes of the three steps for h = w = 56, k = 24, t = 6, s = 2, k' = 32."""
    x, t, channels, s = (24, 56, 56), 6, 32, 2
    shapes = [op.shape for op in block(x, t, channels, s).operations if isinstance(op, Conv)]
    printed = [(t * 24, 56, 56), (t * 24, 28, 28), (channels, 28, 28)]
    for row, expected, shape in zip(table("table1_block"), printed, shapes, strict=True):
        quantity = f"{row['operator']}: elements of {row['output']}"
        yield judge(f"table1-{row['step']}", "Table 1", quantity, str(prod(expected)), prod(shape))


def separable_convolutions() -> Iterator[Row]:
    """Cost and saving of separable convolutions."""
    x, channels = (64, 28, 28), 128
    standard, apart = body_cost(full(x, channels, 1, 1, "relu")), body_cost(separable(x, channels, 1, 1, "relu"))
    where = section("separable-cost")
    name = "28 x 28, 64 to 128 channels"
    yield judge("separable-cost-standard", where, f"h w di dj k^2, {name}", str(28 * 28 * 64 * 128 * 9), standard.madds)
    yield judge(
        "separable-cost-separable", where, f"h w di (k^2 + dj), {name}", str(28 * 28 * 64 * (9 + 128)), apart.madds
    )
    outputs = sorted(
        {op.shape[0] for variant in (MobileNetV1(), BASE) for op in unroll(variant).operations if pointwise(op)}
    )
    threshold = next(dj for dj in range(1, 10_000) if saving(dj) >= 8)
    wide = [saving(dj) for dj in outputs if dj >= threshold]
    yield judge(
        "separable-saving-low",
        where,
        f"smallest saving over 1 x 1 outputs of MobileNetV1 and V2, {outputs[0]} to {outputs[-1]} channels",
        "8",
        saving(outputs[0]),
        [(f"only layers of at least {threshold} output channels, where the saving reaches 8", min(wide))],
    )
    yield judge("separable-saving-high", where, "largest saving over the same", "9", saving(outputs[-1]))


def pointwise(op: object) -> bool:
    """Whether an operation is a 1 x 1 convolution."""
    return isinstance(op, Conv) and op.kernel == 1


def saving(channels: int, kernel: int = 3) -> float:
    """Standard over separable cost for `channels` outputs: k^2 dj / (k^2 + dj)."""
    return kernel**2 * channels / (kernel**2 + channels)


def freedom() -> Iterator[Row]:
    """How many numbers of channels a block leaves open beyond those of its input: capacity, and with it expressiveness.

    Found in the Plan: the numbers of channels of its tensors that change with the block's own arguments.
    """
    x, where = (24, 56, 56), section("capacity-expressiveness")
    kinds = {
        "full": ("full convolution", "1", [full(x, c, 1, 1, "relu6") for c in (32, 40, 48)]),
        "separable": ("separable convolution", "1", [separable(x, c, 1, 1, "relu6") for c in (32, 40, 48)]),
        "bottleneck": ("bottleneck", "2", [block(x, t, c) for t, c in ((6, 32), (5, 32), (6, 40))]),
    }
    for name, (words, stated, bodies) in kinds.items():
        widths = [tuple(op.shape[0] for op in body.operations if isinstance(op, Conv)) for body in bodies]
        free = len({column for column in zip(*widths, strict=True) if len(set(column)) > 1})
        quantity = f"numbers of channels of a {words} that its input leaves open"
        yield judge(f"capacity-expressiveness-{name}", where, quantity, stated, free)


def figure7() -> Iterator[Row]:
    """Layers of Figure 7 as printed in which a pixel has fewer positive channels than the block has inputs."""
    below = [
        row["layer_index"]
        for row in table("figure7_activation_patterns")
        if float(row["trained_min"]) < int(row["in_ch"])
    ]
    name = "layers of the trained network with a pixel below the threshold"
    yield judge("figure7-threshold", "Figure 7", name, "2", len(below))


def block_formula() -> Iterator[Row]:
    """h w d' t (d' + k^2 + d'') against blocks of each kind. The part that a block lacks explains what differs."""
    h, d, channels = 56, 24, 32
    for name, t, stride in (("stride 1, t = 6", 6, 1), ("stride 2, t = 6", 6, 2), ("stride 1, t = 1", 1, 1)):
        formula = h * h * d * t * (d + 9 + channels)
        madds = body_cost(block((d, h, h), t, channels, stride)).madds
        smaller = h * h * (1 - 1 / stride**2) * d * t * (9 + channels)
        guesses = [
            ("filter and projection counted at h x w though the block has h/s x w/s there", madds + smaller),
            ("an expansion convolution counted that the block has not", madds + h * h * d * t * d),
        ]
        quantity = f"h w d' t (d' + k^2 + d''), 56 x 56, 24 to 32 channels, {name}"
        key = f"block-madds-{name.replace(' ', '').replace(',', '-')}"
        yield judge(key, section("block-madds"), quantity, str(formula), madds, guesses)


def architecture() -> Iterator[Row]:
    """Number of bottlenecks, and what expansion multiplies."""
    blocks = unroll(BASE).blocks
    bottlenecks = sum(b.body.kind == BOTTLENECK for b in blocks)
    others = [("bottlenecks, first and last convolution", len(blocks) - 1), ("all blocks", len(blocks))]
    yield judge(
        "architecture-rows", section("architecture-rows"), "residual bottleneck layers", "19", bottlenecks, others
    )
    shapes = unroll(MobileNetV2(rows=((6, 64, 1, 1), (6, 128, 1, 1)), resolution=32)).shapes
    inner = shapes["bottleneck2.expand.conv"][0]
    yield judge("expansion-of-input", section("expansion-of-input"), "inner channels, 64 to 128, t = 6", "384", inner)


def family_range() -> Iterator[Row]:
    """Cheapest and dearest network of section 4."""
    where = section("family-range")
    small, large = preset("imagenet", width=0.35, resolution=96), preset("imagenet", width=1.4)
    for name, variant, madds, params in (("least", small, "7", "1.7"), ("most", large, "585", "6.9")):
        cost = count(unroll(variant))
        yield judge(
            f"family-range-{name}-madds", where, f"{name} MAdds (M)", madds, cost.madds, madds_guesses(variant), MILLION
        )
        yield judge(
            f"family-range-{name}-params",
            where,
            f"{name} parameters (M)",
            params,
            cost.params,
            params_guesses(variant),
            MILLION,
        )


def segmentation_ratios() -> Iterator[Row]:
    """How many times fewer multiply-adds, ResNet-101's printed number against the Plans' at one scale."""
    rows = {(r["network"], r["output_stride"], r["aspp"]): float(r["madds_b"]) for r in table("table7_segmentation")}
    v1, v2 = (count(unroll(DeepLabV3(f(resolution=513)))).madds / 1e9 for f in (MobileNetV1, MobileNetV2))
    resnet = rows["ResNet-101", "16", "1"]
    printed = {name: rows[name, "16", "1"] for name in ("MNet V1", "MNet V2*")}
    where, claim = section("segmentation-costs"), "segmentation-costs"
    guess = [("Table 7's own numbers", resnet / printed["MNet V1"])]
    yield judge(f"{claim}-v1", where, "ResNet-101 over V1, stride 16 (upper end)", "5.7", resnet / v1, guess)
    plans = evaluation(DeepLabV3(MobileNetV1(resolution=513), 8), many=True)
    multi, padded = (sum(map(f, plans)) / 1e9 for f in (lambda plan: count(plan).madds, padded_madds))
    resnet = rows["ResNet-101", "8", "1"]
    guess = [
        ("Table 7's own numbers", resnet / rows["MNet V1", "8", "1"]),
        ("Table 7's ResNet-101, V1 with atrous convolutions padded to a multiple of the rate", resnet / padded),
    ]
    yield judge(
        f"{claim}-v1-8", where, "ResNet-101 over V1, stride 8 multi-scale (lower end)", "4.9", resnet / multi, guess
    )
    guess = [("Table 7's own numbers", printed["MNet V1"] / printed["MNet V2*"])]
    yield judge(f"{claim}-v2", where, "V1 over V2, stride 16", "2.5", v1 / v2, guess)


def split() -> Iterator[Row]:
    """Multiply-adds of a block split g ways over its inner channels: the sum of g narrower blocks."""
    x, inner = (24, 56, 56), 144
    whole = body_cost(block(x, 6, 24)).madds
    for g in (2, 3, 4, 144):
        part = inverted_residual(x, Bottleneck(inner // g, 24, (3, 1, 1), ("relu6", "linear"), False))
        name = f"MAdds of a block split {g} ways (24 to 144 to 24 channels, 56 x 56)"
        yield judge(f"memory-split-{g}", section("memory-split"), name, str(whole), g * body_cost(part).madds)


def inner_depth_zero() -> Iterator[Row]:
    """Blocks with a shortcut whose result is their input, and that run nothing, at expansion 0."""
    joined = [b.name for b in unroll(BASE).blocks if any(isinstance(op, Add) for op in b.body.operations)]
    empty = {b.name: b for b in unroll(replace(BASE, expansion=0)).blocks}
    same = [n for n in joined if not empty[n].body.operations and empty[n].output == empty[n].binding["x"]]
    name = "MobileNetV2, expansion 0: blocks with a shortcut that are the identity (F is a sum over no channels)"
    yield judge("inner-depth-zero", section("inner-depth-zero"), name, str(len(joined)), len(same))
