"""What do the parts of a mobile segmentation network buy: ASPP, output stride 8, MobileNetV2?

The paper drops the atrous branches (ASPP) of DeepLabv3 and keeps output stride 16, which saves most of the
multiply-adds for little mean IoU on PASCAL VOC (section 6.3, Table 7). Here each of the two, one at a time, is given
back to each of two backbones, at half width, trained from scratch on the 367 street scenes of CamVid, on windows of
192 x 256 pixels. Whole test images, seen at 240 x 320, are scored at the size of their masks; void pixels do not count.

    mnv2 study run segmentation-heads --data-dir CAMVID

What came out (three seeds, an hour on two cores): after 30 epochs all arms lie between 0.34 and 0.38. Of what each
part buys, nothing is shown: ASPP 0.6 points [-4.4, 5.6] on V2 and 0.0 [-1.6, 1.6] on V1, stride 8 2.3 [-0.5, 5.1] and
1.1 [-3.2, 5.5] for three times the multiply-adds, V1 instead of V2 -1.0 [-4.1, 2.2] for 60 % more. So the paper's
choice of neither is not contradicted, and not supported either. Validation images (0.42 to 0.51) come from a drive that
training images show, most test images from one that none shows.

CAMVID is a folder with train, trainannot, val, valannot, test, testannot. The answer is written to
results/tables/segmentation-heads-camvid-camvid.md, by class and beside guesses that see no image to the one that ends
in -classes.md, predictions for three test images to results/figures/segmentation-heads-camvid-camvid-pictures.png. No
claim is judged: Table 7's accuracies belong to other data. What it does not show: backbones that have learnt ImageNet
first, as the paper's have, and larger images.

Weights of the classes and sizes were chosen with the 101 validation images: mean IoU of V2, stride 16, one seed. Of
runs that differ in weights alone the one with logarithmic ones leads. The first two ran with torch's operators, the
others with the fused kernels. The network of the sixth row reaches 0.443 at 192 x 256 and 0.451 at 288 x 384; at
stride 8 its like reached 0.452. Minutes decided on 30 epochs: some 4 of one core at stride 16, twice that at stride 8.

    width  size       windows    weights  epochs    mean IoU
    0.5    180 x 240  180 x 240  none     30        0.472
    0.5    240 x 320  240 x 320  none     45 of 50  0.466
    0.5    240 x 320  180 x 240  none     10 of 15  0.248
    0.5    240 x 320  180 x 240  log      10 of 15  0.315
    0.5    192 x 256  192 x 256  log      30        0.446
    0.5    240 x 320  192 x 256  log      20        0.455
    0.5    240 x 320  192 x 256  log      60        0.491
    0.5    240 x 320  192 x 256  none     20        0.398
    0.5    240 x 320  192 x 256  median   20        0.294
    0.5    240 x 320  240 x 320  log      20        0.462
    0.5    360 x 480  192 x 256  log      20        0.382
    0.35   120 x 160  120 x 160  none     24        0.276
    0.35   120 x 160  120 x 160  log      24        0.299
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
