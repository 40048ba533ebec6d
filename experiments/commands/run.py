"""`mnv2 run`: the headline study on the data at hand."""

import sys

from analysis.problem import Problem


def main() -> None:
    """Answer the first question: does a non-linearity in the bottleneck hurt?

    Runs the study `linear-bottleneck` on CIFAR-10. Where there is none and no network to fetch it, runs it on
    synthetic images instead, and says so in everything that it writes. Data that are there but damaged are an error.
    """
    from analysis.training.data import locate
    from experiments.commands.study import Options, answer
    from experiments.data import load

    dataset = "cifar10"
    if locate(dataset) is None:
        try:
            load(dataset)
        except Problem as problem:
            dataset = "synthetic"
            print(f"mnv2: {problem}", file=sys.stderr)
            print("mnv2: NO CIFAR-10: going on with SYNTHETIC images; the answer is about them alone", file=sys.stderr)
    answer("linear-bottleneck", Options(dataset=dataset))
