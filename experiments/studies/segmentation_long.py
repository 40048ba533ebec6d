"""How far does Mobile DeepLabv3 get on street scenes when it trains for long, and what do several sizes buy it?

The studies segmentation-heads and dense-linear-bottleneck train for 30 epochs, so that they take minutes. Here one of
their networks, MobileNetV2 at half width and output stride 16 without ASPP, trains for 120 epochs. It sees images of
CamVid at their full 360 x 480 pixels, and starts from a classifier that learnt CIFAR-10 for ten epochs. Its test images
are scored at their own size. They are scored once more at six sizes and mirrored, in twelve passes with 17 times the
multiply-adds (Table 7, MF). Both readings are of the same weights.

    mnv2 study run segmentation-long --data-dir CAMVID

CIFAR10_DIR names a copy of CIFAR-10, else it is downloaded. `mnv2 study show segmentation-long` prints what came out:
`FOUND`, with its numbers from the stored runs. The answer is written to
results/tables/segmentation-long-camvid-camvid-long.md, by class to the one that ends in -classes.md, predictions to
results/figures/segmentation-long-camvid-camvid-long-pictures.png. Size, start and epochs were chosen on a training
drive that was left out, and on the 101 validation images: docs/choices.md has what was tried.

No claim is judged. What it does not show: a start from ImageNet, as the paper's, and what each of the changes buys by
itself.
"""

from dataclasses import replace

from analysis.tasks.segmentation.recipe import MULTI_SCALE, ONE_SIZE
from experiments.studies.segmentation_heads import BACKBONES, network
from experiments.study import Study

STUDY = Study(
    name="segmentation-long",
    question="How far does Mobile DeepLabv3 get in 120 epochs, and what do several sizes buy it?",
    source="section 6.3, Table 7",
    recipe="camvid-long",
    dataset="camvid",
    seeds=(0, 1, 2),
    arms={"V2, stride 16": network(replace(BACKBONES["V2"], resolution=(360, 480)), 16, aspp=False)},
    readings={ONE_SIZE: 1, MULTI_SCALE: 12},
)

FOUND = """
A mean IoU of {V2, stride 16, one size} percent on the test images. At six sizes and mirrored it is {V2, stride 16, six
sizes, mirrored - V2, stride 16, one size} points more. Table 7 has two points for that and output stride 8 together.
Poles, signs and fences stay below a quarter at one size ({V2, stride 16, one size | pole %}, {V2, stride 16, one size |
sign %} and {V2, stride 16, one size | fence %} percent). A run takes {V2, stride 16, one size | minutes} minutes on one
core after the classifier.
"""
