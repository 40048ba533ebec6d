"""Does a ReLU6 in the bottleneck hurt a segmentation network as well?

The claim about linear bottlenecks (section 3.2) is made and tested on classification. Here the network of the study
segmentation-heads has nothing or a ReLU6 behind every projection of its backbone, and learns street scenes.

    mnv2 study run dense-linear-bottleneck --data-dir CAMVID

What came out (three seeds, 17 minutes on two cores): it does, by 6.5 points of mean IoU [1.3, 11.8], most of all on
cars, pavement and trees. After 30 epochs both networks are far from done: 0.35 and 0.29 on the test images, most of
which come from a drive that no training image shows.

The answer is written to results/tables/dense-linear-bottleneck-camvid-camvid.md, with the verdict beside it; the rule
was fixed in experiments/claims before the runs. What it does not show: as for segmentation-heads.
"""

from dataclasses import replace

from experiments.studies.segmentation_heads import BACKBONES, network
from experiments.study import Study

STUDY = Study(
    name="dense-linear-bottleneck",
    question="Does a ReLU6 in the bottleneck hurt a segmentation network as well?",
    source="section 3.2, asked of section 6.3",
    recipe="camvid",
    dataset="camvid",
    seeds=(0, 1, 2),
    arms={
        "linear": network(BACKBONES["V2"], 16, aspp=False),
        "relu6": network(replace(BACKBONES["V2"], projection="relu6"), 16, aspp=False),  # type: ignore[call-arg]
    },
)
