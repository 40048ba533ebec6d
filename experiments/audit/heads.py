"""The audit of detectors and segmentation networks: Tables 5 to 7 and the segmentation checkpoints."""

from collections.abc import Iterator
from dataclasses import replace

from analysis.arch import Plan, Variant, unroll
from analysis.arch.deeplab import RATES, SCALES, DeepLabV3, head, passes
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.resnet import BETA
from analysis.arch.ssd import SSD
from analysis.arch.vgg_ssd import SSD300, SSD512, VGGSSD
from analysis.arch.yolo_v2 import YOLOv2
from analysis.cost import count
from analysis.reference import table
from experiments.audit.guesses import every_column, padded_madds, params_guesses, relatives, resized_elements
from experiments.audit.judge import Guess, Row, judge

MILLION, BILLION = 1e6, 1e9
V1, V2 = MobileNetV1(resolution=320), MobileNetV2(resolution=320)
TABLE_6: dict[str, Variant] = {
    "SSD300": SSD300,
    "SSD512": SSD512,
    "YOLOv2": YOLOv2(),
    "MNet V1 + SSDLite": SSD(V1, lite=True),
    "MNet V2 + SSDLite": SSD(V2, lite=True),
}
TABLE_7 = {
    "MNet V1": MobileNetV1(resolution=513),
    "MNet V2*": MobileNetV2(resolution=513),
    "ResNet-101": BETA,
}
CITYSCAPES = "mobilenetv2_coco_cityscapes_trainfine"  # the other checkpoints are scored on VOC


def table5() -> Iterator[Row]:
    """Heads on MobileNetV2: the detector less its backbone."""
    backbone = count(unroll(replace(V2, features=(6,))))
    for row in table("table5_ssd_heads"):
        name = row["head"]
        whole = count(unroll(SSD(V2, lite=name == "SSDLite")))
        madds, params = whole.madds - backbone.madds, whole.params - backbone.params
        guesses = [
            ("a multiply-add counted as 2", 2 * madds),
            ("1 per element of norm and activation added", madds + whole.norm - backbone.norm + whole.activation),
            ("the whole network", whole.madds),
        ]
        yield judge(
            f"table5-{name}-madds", "Table 5", f"{name} head: MAdds (B)", row["madds_b"], madds, guesses, BILLION
        )
        yield judge(
            f"table5-{name}-params", "Table 5", f"{name} head: parameters (M)", row["params_m"], params, (), MILLION
        )


def table6() -> Iterator[Row]:
    """Detectors on five backbones, and the ratios that the text draws against YOLOv2."""
    rows = {row["network"]: row for row in table("table6_coco")}
    for name, variant in TABLE_6.items():
        cost, key = count(unroll(variant)), f"table6-{name.replace(' + ', '-').replace(' ', '-')}"
        row, lite = rows[name], isinstance(variant, SSD)
        guesses = () if lite else list(detector_guesses(variant))
        yield judge(f"{key}-madds", "Table 6", f"{name}: MAdds (B)", row["madd_b"], cost.madds, guesses, BILLION)
        others = [*params_guesses(variant), *((label, count(unroll(o)).params) for label, o in details(variant))]
        yield judge(
            f"{key}-params", "Table 6", f"{name}: parameters (M)", row["params_m"], cost.params, others, MILLION
        )
    ours, yolo = count(unroll(SSD(V2, lite=True))), rows["YOLOv2"]
    for what, printed, ratio in (
        ("cheaper", "20", float(yolo["madd_b"]) * BILLION / ours.madds),
        ("smaller", "10", float(yolo["params_m"]) * MILLION / ours.params),
    ):
        yield judge(f"ssdlite-networks-{what}", "section 6.2", f"times {what} than YOLOv2", printed, ratio, coarse=0.05)


def detector_guesses(variant: Variant) -> Iterator[Guess]:
    """Other readings of the multiply-adds of a detector, then other networks."""
    cost = count(unroll(variant))
    yield "a multiply-add counted as 2", 2 * cost.madds
    yield "1 per element of norm, activation, addition, pooling and bias added", every_column(cost)
    for label, other in (*relatives(variant), *details(variant)):
        yield label, count(unroll(other)).madds


def details(variant: Variant) -> Iterator[tuple[str, Variant]]:
    """Detectors that differ in one detail, as their authors and others have built them."""
    if isinstance(variant, VGGSSD):
        yield "90 classes", replace(variant, classes=90)
        lite = (3, *[6] * (len(variant.anchors) - 1))
        yield "anchors as in SSDLite", replace(variant, anchors=lite)
        yield "90 classes, anchors as in SSDLite", replace(variant, classes=90, anchors=lite)
    if isinstance(variant, YOLOv2):
        yield "20 classes, as in VOC", replace(variant, classes=20)
        yield "the early map passed as it is", replace(variant, passthrough=0)
        for side in (448, 480, 544, 608):
            yield f"input {side}", replace(variant, resolution=side)


def table7() -> Iterator[Row]:
    """DeepLabv3 on three backbones. Multi-scale rows sum twelve passes."""
    for row in table("table7_segmentation"):
        stride, aspp, many = int(row["output_stride"]), row["aspp"] == "1", row["multiscale_flip"] == "1"
        variant = DeepLabV3(TABLE_7[row["network"]], stride, aspp)
        name = f"{row['network']} stride {stride}{' ASPP' if aspp else ''}{' multi-scale' if many else ''}"
        key = f"table7-{name.replace(' ', '-').replace('*', '')}"
        yield segmentation(f"{key}-madds", "Table 7", name, row["madds_b"], variant, many)
        params = count(unroll(variant)).params
        yield judge(f"{key}-params", "Table 7", f"{name}: parameters (M)", row["params_m"], params, (), MILLION)


def zoo() -> Iterator[Row]:
    """Released segmentation checkpoints without ASPP. Cityscapes is evaluated whole, 1025 x 2049, 19 classes."""
    seen = set()
    for row in table("deeplab_model_zoo"):
        city = row["checkpoint"] == CITYSCAPES
        many, stride = row["flip"] == "yes", int(row["output_stride"])
        if (city, stride) in seen:
            continue
        seen.add((city, stride))
        backbone = MobileNetV2(resolution=(1025, 2049) if city else 513)
        variant = DeepLabV3(backbone, stride, aspp=False, classes=19 if city else 21)
        scales = (0.75, 1.0, 1.25) if city else SCALES
        name = f"{'Cityscapes' if city else 'VOC'} stride {stride}{' multi-scale' if many else ''}"
        key = f"zoo-{name.replace(' ', '-')}-madds"
        yield segmentation(key, "DeepLab zoo", name, row["madds_b"], variant, many, scales)


def segmentation(
    key: str,
    where: str,
    name: str,
    printed: str,
    variant: DeepLabV3,
    many: bool,
    scales: tuple[float, ...] = SCALES,
) -> Row:
    """Multiply-adds of one evaluation."""
    madds = sum(count(plan).madds for plan in evaluation(variant, many, scales))
    guesses = list(atrous_guesses(variant, many, scales))
    return judge(key, where, f"{name}: MAdds (B)", printed, madds, guesses, BILLION)


def evaluation(variant: DeepLabV3, many: bool, scales: tuple[float, ...] = SCALES) -> list[Plan]:
    """One Plan a forward pass."""
    return [unroll(v) for v in (passes(variant, scales) if many else (variant,))]


def atrous_guesses(variant: DeepLabV3, many: bool, scales: tuple[float, ...]) -> Iterator[Guess]:
    """What TensorFlow computes besides, and other sizes and rates."""
    plans = evaluation(variant, many, scales)
    padded, resized = sum(map(padded_madds, plans)), sum(map(resized_elements, plans))
    norm = sum(count(plan).norm for plan in plans)
    madds = sum(count(plan).madds for plan in plans)
    yield "atrous convolutions padded to a multiple of the rate", padded
    yield "1 per resized element added", madds + resized
    yield "atrous convolutions padded, 1 per resized element added", padded + resized
    yield "1 per element of a norm added", madds + norm
    yield "atrous convolutions padded, 1 per element of a norm added", padded + norm
    yield "a multiply-add counted as 2", 2 * madds
    for side in (512, 514, 520, 528):
        other = replace(variant, backbone=replace(variant.backbone, resolution=side))
        others = evaluation(other, many, scales)
        yield f"input {side} instead of 513", sum(count(plan).madds for plan in others)
        yield f"input {side}, atrous convolutions padded", sum(map(padded_madds, others))
    same = [unroll_with_rates(v, 16) for v in (passes(variant, scales) if many else (variant,))]
    yield "rates of stride 16", sum(count(plan).madds for plan in same)
    yield "rates of stride 16, padded", sum(map(padded_madds, same))
    if many:
        yield "no mirror images", madds / 2
        yield "no mirror images, padded", padded / 2


def unroll_with_rates(variant: DeepLabV3, stride: int) -> Plan:
    """The Plan with the atrous rates that belong to another output stride."""
    plan = unroll(variant)
    *rest, last = plan.blocks
    rates = tuple(rate * 16 // stride for rate in RATES) if variant.aspp else ()
    body = head(last.body.inputs["x"], rates, variant.depth, variant.classes, variant.dropout, variant.size)
    return Plan(plan.image, (*rest, last._replace(body=body)), plan.outputs)
