"""`mnv2 memory`: the peak activation memory of a network under named schedules (section 5.1)."""

import json as jsonlib
from pathlib import Path
from typing import Annotated, Literal

import tyro

from experiments.commands.options import Network


def main(
    network: Annotated[Network, tyro.conf.OmitArgPrefixes] = Network(),  # noqa: B008 (frozen)
    bits: Literal[8, 16, 32] = 32,
    ways: tuple[int, ...] = (2, 4),
    batch: int = 1,
    format: Literal["text", "csv", "markdown", "latex", "json"] = "text",
    json: bool = False,
    style: Literal["paper", "slides"] = "paper",
    results: Path = Path("results"),
) -> None:
    """Count the bytes of activations that are live at once: at the peak of each schedule, and in the best order.

    Weights and a kernel's own workspace do not count. `block` leaves out what is inside blocks. The least peak over
    orders of execution is exact: nothing is held in it beyond its last use but the image. With format `text` it also
    writes the table and a timeline.

    Args:
        network: the network.
        bits: of an element.
        ways: numbers of groups into which inner tensors are split.
        batch: images at once.
        format: how to print.
        json: the same as --format json.
        style: of the timeline, for a paper or for a slide.
        results: folder of table and timeline.
    """
    from experiments.answers.answer import write
    from experiments.answers.computed import remembered
    from experiments.measurements.memory.measure import Arguments, measure
    from experiments.measurements.memory.view import answer, table

    arguments = Arguments(network.choose().text, bits, ways, batch, style)
    measured = measure(arguments)
    form = "json" if json else format
    if form == "json":
        facts = {"variant": arguments.variant, "bits": bits, "batch": batch, "schedules": measured.rows}
        print(jsonlib.dumps(facts, indent=2))
        return
    whole = table(measured)
    if form != "text":
        print({"csv": whole.csv, "markdown": whole.markdown, "latex": whole.latex}[form](), end="")
        return
    print(whole.markdown())
    print("\n".join(map(str, write(remembered(answer(measured), "memory", arguments), results))))
