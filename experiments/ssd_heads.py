"""What do separable prediction layers cost a detector, on MobileNetV1 and on V2?

SSDLite makes the 3 x 3 convolutions of SSD's heads separable: seven times fewer parameters and four times fewer
multiply-adds in the heads (section 6.2, Tables 5 and 6). Here both heads stand on both backbones, at half width and
192 x 256 pixels, trained from scratch on the 205 blood-cell pictures of BCCD.

    mnv2 study run ssd-heads --data-dir BCCD

BCCD is a folder in the PASCAL VOC layout. The answer is written to results/tables/ssd-heads-bccd-bccd.md. No claim is
judged: Table 6's precisions belong to COCO. What it does not show: many classes, crowded scenes, small objects in
large images, and backbones that have learnt ImageNet first.
"""

from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.ssd import SSD
from experiments.study import Study

SIZE, WIDTH, CLASSES = (192, 256), 0.5, 3
BACKBONES = {
    "V2": MobileNetV2(width=WIDTH, resolution=SIZE),
    "V1": MobileNetV1(width=WIDTH, resolution=SIZE),
}
HEADS = {"SSDLite": True, "SSD": False}

STUDY = Study(
    name="ssd-heads",
    question="What do separable prediction layers cost a detector?",
    source="section 6.2, Tables 5 and 6",
    recipe="bccd",
    dataset="bccd",
    seeds=(0, 1, 2),
    arms={
        f"{head} on {name}": SSD(backbone, lite=lite, classes=CLASSES)
        for name, backbone in BACKBONES.items()
        for head, lite in HEADS.items()
    },
    beside=[*((f"SSDLite on {name}", f"SSD on {name}") for name in BACKBONES), ("SSDLite on V2", "SSDLite on V1")],
)
