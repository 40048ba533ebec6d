"""A study of two arms, short enough for tests."""

from analysis.arch import preset
from experiments.study import Study

STUDY = Study(
    name="pair",
    question="Does a ReLU6 in the bottleneck hurt?",
    source="a test",
    arms={"linear": preset("brief"), "relu6": preset("brief", projection="relu6")},
    seeds=(0, 1),
    fresh=[100],
    beside=[("linear", "relu6")],
)
