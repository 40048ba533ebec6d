"""What do separable prediction layers cost a detector, on MobileNetV1 and on V2?

SSDLite makes the 3 x 3 convolutions of SSD's heads separable: seven times fewer parameters and four times fewer
multiply-adds in the heads (section 6.2, Tables 5 and 6). Here both heads are put on both backbones, at width 0.35 and
288 x 384 pixels, trained from scratch on the 205 blood-cell pictures of BCCD.

    mnv2 study run ssd-heads --data-dir BCCD

BCCD is a folder in the PASCAL VOC layout. `mnv2 study show ssd-heads` prints what came out: `FOUND`, with its numbers
from the stored runs. The answer is written to results/tables/ssd-heads-bccd-bccd.md. The table that ends in -classes.md
has it by class, with a guess that sees no image. Predictions for three test images are in
results/figures/ssd-heads-bccd-bccd-pictures.png. Size, width, anchors and recipe were chosen on the 87 validation
images, before the test images were read: docs/choices.md has what was tried.

No claim is judged, because Table 6's precisions belong to COCO. What it does not show: many classes, crowded scenes,
small objects in large images, and backbones that have learnt ImageNet first.
"""

from analysis.arch.mobilenet_v1 import MobileNetV1
from analysis.arch.mobilenet_v2 import MobileNetV2
from analysis.arch.ssd import SSD
from experiments.study import Study

SIZE, WIDTH, CLASSES = (288, 384), 0.35, 3
BACKBONES = {
    "V2": MobileNetV2(width=WIDTH, resolution=SIZE),
    "V1": MobileNetV1(width=WIDTH, resolution=SIZE),
}
ANCHORS = (4, 6, 6, 6, 6, 6)  # a place on each map
HEADS = {"SSDLite": True, "SSD": False}

STUDY = Study(
    name="ssd-heads",
    question="What do separable prediction layers cost a detector?",
    source="section 6.2, Tables 5 and 6",
    recipe="bccd",
    dataset="bccd",
    seeds=(0, 1, 2),
    arms={
        f"{head} on {name}": SSD(backbone, lite=lite, classes=CLASSES, anchors=ANCHORS)
        for name, backbone in BACKBONES.items()
        for head, lite in HEADS.items()
    },
    beside=[*((f"SSDLite on {name}", f"SSD on {name}") for name in BACKBONES), ("SSDLite on V2", "SSDLite on V1")],
)

FOUND = """
On V2, SSDLite reaches an AP at an overlap of one half of {SSDLite on V2} percent and SSD {SSD on V2}. What SSD's heads
cost or buy is not significant here: {SSD on V2 - SSDLite on V2} points. V2 leads V1 under SSDLite by {SSDLite on V2 -
SSDLite on V1} points, nearly all of it in platelets ({SSDLite on V2 | Platelets %} and {SSDLite on V1 | Platelets %}
percent), the one small class. Red and white cells are found alike ({SSDLite on V2; SSDLite on V1 | RBC %}, {SSDLite on
V2; SSDLite on V1 | WBC %}). The recipe was chosen for SSDLite on V2, so V1 might gain from one of its own. Boxes where
boxes usually are reach {guess: usual boxes | AP at 0.50 %}. Annotations are incomplete, which costs every arm
precision: on three of the test images no red cell is marked.
"""
