"""How far does a segmentation network get when it trains for long, and do the answers of the short studies hold then?

The studies segmentation-heads and dense-linear-bottleneck train for 30 epochs and say how fast networks learn as much
as how well they end. Here three of their networks, all on MobileNetV2, train for 200: output stride 16, output stride 8
(section 6.3, Table 7), and stride 16 with a ReLU6 behind every projection (section 3.2).

    mnv2 study run segmentation-long --data-dir CAMVID

It has not run yet. The answer will be written to results/tables/segmentation-long-camvid-camvid-long.md, with the
verdict beside it; the rule was fixed in experiments/claims.py before the runs. What it does not show: as for
segmentation-heads, and ASPP and V1.

The number of epochs was chosen with the 101 validation images, on the first arm and one seed. Its mean IoU at 40, 80,
120, 160 and 200 epochs of 200 was 0.397, 0.470, 0.525, 0.579 and 0.581, where 60 epochs alone end at 0.491; with other
rates and batches, 60 epochs end at

    batch  peak rate  weight decay  mean IoU
    8      0.1        5e-4          0.491
    8      0.03       5e-4          0.474
    4      0.03       5e-4          0.485
    8      0.1        1e-4          0.491

Every fourth training image, whole, scored 0.613 behind the 200 epochs: the network is not yet near what it could learn
by heart. Mirror images beside the images gave 0.578. These validation images come from a drive that is trained on. On
drive 0006R0, left out of the training images, 60 epochs of one seed reach 0.315, and 0.361 where the trunk starts from
a classifier that learnt CIFAR-10 for ten epochs (`start="short"`); this recipe starts from random weights.
"""

from experiments.dense_linear_bottleneck import STUDY as LINEAR
from experiments.segmentation_heads import STUDY as HEADS
from experiments.study import Study

STUDY = Study(
    name="segmentation-long",
    question="Do the answers on segmentation hold after 200 epochs?",
    source="sections 3.2 and 6.3, Table 7",
    recipe="camvid-long",
    dataset="camvid",
    seeds=(0, 1, 2),
    arms={**LINEAR.arms, "stride 8": HEADS.arms["V2, stride 8"]},
)
