"""`mnv2 run`: the headline study on the data at hand."""

import sys

from analysis.problem import Problem


def main() -> None:
    """Answer the first question: does a non-linearity in the bottleneck hurt?

    Runs the study `linear-bottleneck` on CIFAR-10. Without CIFAR-10 and without a network to fetch it, runs it on
    synthetic images, and says so in everything that it writes.
    """
    from analysis.training.data import load_dataset
    from experiments.commands.study import Options, answer

    dataset = "cifar10"
    try:
        load_dataset(dataset)
    except Problem as problem:
        dataset = "synthetic"
        print(f"mnv2: {problem}", file=sys.stderr)
        print(
            "mnv2: NO CIFAR-10: going on with SYNTHETIC images; the answer is about them alone",
            file=sys.stderr,
        )
    answer("linear-bottleneck", Options(dataset=dataset))
