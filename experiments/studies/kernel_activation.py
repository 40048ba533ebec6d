"""Do larger depthwise kernels or another activation pay?

The paper uses 3 x 3 kernels and ReLU6 throughout (section 4) and asks neither question. Later networks of the family
(MnasNet, MobileNetV3) use 5 x 5 kernels and hard swish. Here each kernel of 3, 5, 7 meets each of ReLU, ReLU6 and hard
swish. Larger kernels cost multiply-adds, activations none.

    mnv2 study run kernel-activation

`mnv2 study show kernel-activation` prints what came out: `FOUND`, with its numbers from the stored runs. The answer is
written to results/tables/kernel-activation-cifar10-brief.md. No claim of the paper is judged.

What it does not show: kernels at equal cost, and resolutions where 7 x 7 is small next to the map.
"""

from analysis.arch import preset
from experiments.study import Study

ACTIVATIONS = {"ReLU6": "relu6", "ReLU": "relu", "hard swish": "hard_swish"}

STUDY = Study(
    name="kernel-activation",
    question="Do larger depthwise kernels or another activation pay?",
    source="an open question; the paper uses 3 x 3 and ReLU6",
    arms={
        f"{kernel} x {kernel}, {name}": preset("brief", kernel=kernel, activation=activation)
        for name, activation in ACTIVATIONS.items()
        for kernel in (3, 5, 7)
    },
    x="kernel",
    lines={name: [f"{kernel} x {kernel}, {name}" for kernel in (3, 5, 7)] for name in ACTIVATIONS},
)

FOUND = """
Nothing that these seeds could show. At 3 x 3, ReLU6 leads ReLU by {3 x 3, ReLU6 - 3 x 3, ReLU} points and hard swish by
{3 x 3, ReLU6 - 3 x 3, hard swish}. Within an activation 7 x 7 is {7 x 7, ReLU6 - 3 x 3, ReLU6; 7 x 7, ReLU - 3 x 3,
ReLU; 7 x 7, hard swish - 3 x 3, hard swish | mean | range} points above 3 x 3, for {7 x 7, ReLU6 / 3 x 3, ReLU6 |
MAdds} times the multiply-adds. A larger width or larger images buy about as much: at 32 pixels width 1.4 buys
{width-resolution: 1.4 at 32 - 1 at 32 | mean} points over width 1 for {width-resolution: 1.4 at 32 / 1 at 32 | MAdds}
times. So a larger kernel is not shown to be a good buy. The most accurate arm, 7 x 7 with ReLU, is {7 x 7, ReLU - 3 x
3, ReLU6} above the paper's.
"""
