"""Does a ReLU6 in the bottleneck hurt a segmentation network as well?

The claim about linear bottlenecks (section 3.2) is made and tested on classification. Here the network of the study
segmentation-heads has nothing or a ReLU6 after every projection of its backbone, and learns street scenes.

    mnv2 study run dense-linear-bottleneck --data-dir CAMVID

`mnv2 study show dense-linear-bottleneck` prints what came out: `FOUND`, with its numbers from the stored runs. The
answer is written to results/tables/dense-linear-bottleneck-camvid-camvid.md, its verdict to results/verdicts. The rule
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

FOUND = """
It does, by {linear - relu6} points of mean IoU, most of all on cars ({linear; relu6 | car %} percent), pavement
({linear; relu6 | pavement %}) and trees ({linear; relu6 | tree %}). Both networks are far from done: {linear; relu6 |
mean} percent on the test images, most of which come from a drive that no training image shows.
"""
