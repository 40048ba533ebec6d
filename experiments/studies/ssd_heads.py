"""What do separable prediction layers cost a detector, on MobileNetV1 and on V2?

SSDLite makes the 3 x 3 convolutions of SSD's heads separable: seven times fewer parameters and four times fewer
multiply-adds in the heads (section 6.2, Tables 5 and 6). Here both heads stand on both backbones, at width 0.35 and
288 x 384 pixels, trained from scratch on the 205 blood-cell pictures of BCCD.

    mnv2 study run ssd-heads --data-dir BCCD

What came out (three seeds, about an hour on two cores): on V2, SSDLite reaches an AP at 0.50 of 0.80 (0.78, 0.78, 0.84
by seed) and SSD 0.81; what SSD's heads cost or buy is within chance here, 1.3 points [-9, 12]. V2 leads V1 under
SSDLite by 18 points [2, 33], nearly all of it in platelets (0.63 and 0.11), the one small class; red and white cells
are found alike. The recipe was chosen for SSDLite on V2, so V1 might gain from one of its own. Boxes where boxes
usually are reach 0.04. Annotations are incomplete (of 3 of the 72 test images no red cell is marked), which costs
every arm precision.

BCCD is a folder in the PASCAL VOC layout. The answer is written to results/tables/ssd-heads-bccd-bccd.md, by class
and beside a guess that sees no image to the one that ends in -classes.md, predictions for three test images to
results/figures/ssd-heads-bccd-bccd-pictures.png. No claim is judged: Table 6's precisions belong to COCO. What it does
not show: many classes, crowded scenes, small objects in large images, and backbones that have learnt ImageNet first.

Size, width, anchors and recipe were chosen on the 87 validation images: AP at 0.50 of SSDLite on V2, one seed, in the
course of 40 epochs. Platelets are 0.08 of the image's height, so scales begin at 0.1 and the first map has four anchors
a place, two of them square, where SSD has 0.2 and three; a step sees four images, which gives more steps. Minutes
decided on 60 epochs.

    size       width  scales      first map  batch  10     20     30     40 epochs (RBC, WBC, platelets)
    192 x 256  0.5    0.2 - 0.95  3          8      0.313  0.501  0.598  0.596 (0.70, 1.00, 0.09)
    288 x 384  0.35   0.2 - 0.95  3          8      0.558  0.651  0.671  0.677 (0.80, 0.99, 0.24)
    288 x 384  0.35   0.1 - 0.9   4          4      0.555  0.728  0.782  0.806 (0.79, 0.99, 0.64)
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
