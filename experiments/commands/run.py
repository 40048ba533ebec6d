"""`mnv2 run`: the headline study on the data at hand."""

import sys
from dataclasses import replace
from typing import Annotated

import tyro

from analysis.problem import Problem
from experiments.commands.study import run
from experiments.sweeps.options import Options

DEFAULTS = Options()
FEW = 3  # seeds on synthetic images, where there is nothing to decide


def main(options: Annotated[Options, tyro.conf.OmitArgPrefixes] = DEFAULTS) -> None:
    """Answer the headline questions: ReLU6 or linear bottlenecks? Shortcuts between bottlenecks, expansions, or none?

    Runs the study `headline` on CIFAR-10: seeds in looks, until each difference is decided. Without CIFAR-10, and
    without a network to fetch it, it takes synthetic images instead and says so in everything that it writes. Data that
    are there but damaged are an error.
    """
    from analysis.data.cifar import locate
    from experiments.sweeps.data import load

    wanted = options.dataset or "cifar10"
    if options.data_dir is None and wanted != "synthetic" and locate(wanted) is None:
        try:
            load(wanted)
        except Problem as problem:
            options = replace(options, dataset="synthetic")
            print(f"mnv2: {problem}", file=sys.stderr)
            print(f"mnv2: NO {wanted}: going on with SYNTHETIC images; the answer is about them alone", file=sys.stderr)
    if "synthetic" in (wanted, options.dataset):
        options = replace(options, most=options.most or FEW)
    run("headline", options)
    if not options.dry_run:
        page = options.results / "report.html"
        seen = f"all answers are in {page}, " if page.is_file() else ""
        print(f"next      {seen}further questions in mnv2 study list")
