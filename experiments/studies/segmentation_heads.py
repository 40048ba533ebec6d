"""What do the parts of a mobile segmentation network buy: ASPP, output stride 8, MobileNetV2?

The paper drops the atrous branches (ASPP) of DeepLabv3 and keeps output stride 16. That saves most of the multiply-adds
for little mean IoU on PASCAL VOC (section 6.3, Table 7). Here each of the two, one at a time, is given back to each of
two backbones, at half width, trained from scratch on the 367 street scenes of CamVid, on windows of 192 x 256 pixels.
Whole test images, seen at 240 x 320, are scored at the size of their masks. Void pixels do not count.

    mnv2 study run segmentation-heads --data-dir CAMVID

CAMVID is a folder with train, trainannot, val, valannot, test, testannot. `mnv2 study show segmentation-heads` prints
what came out: `FOUND`, with its numbers from the stored runs. The answer is written to
results/tables/segmentation-heads-camvid-camvid.md. The table that ends in -classes.md has it by class, with guesses
that see no image. Predictions for three test images are in
results/figures/segmentation-heads-camvid-camvid-pictures.png. Sizes, windows, weights of the classes and epochs were
chosen with the 101 validation images: docs/choices.md has what was tried.

No claim is judged, because Table 7's accuracies belong to other data. What it does not show: backbones that have learnt
ImageNet first, as the paper's have, and larger images.
"""

from analysis.arch.deeplab import DeepLabV3
from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from experiments.study import Study

SIZE, WIDTH, CLASSES, DEPTH = (240, 320), 0.5, 11, 128
BACKBONES = {
    "V2": MobileNetV2(width=WIDTH, resolution=SIZE),
    "V1": MobileNetV1(width=WIDTH, resolution=SIZE),
}

HEADS = {"stride 16": (16, False), "stride 16, ASPP": (16, True), "stride 8": (8, False)}


def network(backbone: MobileNetV1 | MobileNetV2, stride: int, aspp: bool) -> DeepLabV3:
    """DeepLabv3 on a backbone, for CamVid's classes."""
    return DeepLabV3(backbone, output_stride=stride, aspp=aspp, depth=DEPTH, classes=CLASSES)


STUDY = Study(
    name="segmentation-heads",
    question="What do ASPP, output stride 8 and MobileNetV2 buy a segmentation network?",
    source="section 6.3, Table 7",
    recipe="camvid",
    dataset="camvid",
    seeds=(0, 1, 2),
    arms={
        f"{name}, {words}": network(backbone, stride, aspp)
        for words, (stride, aspp) in HEADS.items()
        for name, backbone in BACKBONES.items()
    },
    beside=[
        *((f"{name}, {words}", f"{name}, stride 16") for name in BACKBONES for words in list(HEADS)[1:]),
        ("V2, stride 8", "V1, stride 8"),
    ],
    x="madds",
    lines={name: [f"{name}, {words}" for words in HEADS] for name in BACKBONES},
)

FOUND = """
All arms reach {V2, stride 16; V1, stride 16; V2, stride 16, ASPP; V1, stride 16, ASPP; V2, stride 8; V1, stride 8 |
mean | range} percent of mean IoU. Of what each part buys, nothing is shown. ASPP buys {V2, stride 16, ASPP - V2, stride
16} points on V2 and {V1, stride 16, ASPP - V1, stride 16} on V1. Stride 8 buys {V2, stride 8 - V2, stride 16; V1,
stride 8 - V1, stride 16} for {V2, stride 8 / V2, stride 16; V1, stride 8 / V1, stride 16 | MAdds} times the
multiply-adds. V1 instead of V2 buys {V1, stride 16 - V2, stride 16} for {V1, stride 16 / V2, stride 16 | MAdds} times.
So the paper's choice of neither is not contradicted, and not supported either. Validation images come from a drive that
training images show, and most test images from one that none shows, so that scores on them are lower.
"""
