"""The command line: `mnv2 COMMAND ...` imports only the module that the command needs."""

import importlib
import os
import signal
import sys
from typing import Any

from analysis.arch.text import known
from analysis.problem import Problem

# Commands by purpose, each with what it does. The module of a command is experiments.commands.COMMAND, with _ for -. It
# has a function `main` or, for a command with verbs, a dictionary VERBS of functions.
PURPOSES = {
    "ask": {
        "run": "answer the headline questions: train, tabulate, plot, judge",
        "study": "the questions, their runs and their answers: list, run, show, plan",
        "claims": "every claim of the paper with its verdict",
        "price": "what each part of the network buys at each budget, and what it costs",
        "report": "all studies, the audit, the scoreboard and the page, made again from the stored runs",
        "trial": "one stored run: show, rerun",
        "trials": "all stored runs: export as a table, check",
    },
    "calculate": {
        "count": "multiply-adds and parameters of a network",
        "memory": "peak activation memory under named schedules, and in the best order of execution",
        "solve": "the width or the resolution that comes closest to a budget",
        "crosscheck": "what other counting tools print for a network, with every difference explained",
        "nas-bench-macro": "the 6,561 networks of that benchmark, their counts compared with the published ones",
        "audit": "the costs that the paper prints, recomputed, with the reason for every difference",
        "latency": "how long the published networks take on this machine, and whether multiply-adds predict it",
        "evaluate": "top-1 and top-5 of published weights on labelled images, two networks image by image",
        "export": "a network for other runtimes: ONNX or torch.export, checked before it is written",
        "draw": "pictures of a network and its blocks",
        "manifold": "what ReLU does to a manifold: Figure 1 and its theory, drawn, measured, judged",
        "patterns": "the activations of trained networks: Figure 7 and the manifold of interest",
        "gradients": "how gradients pass through networks with and without shortcuts",
    },
    "maintain": {
        "lab": "the notebooks in JupyterLab",
        "docs": "the API reference as HTML",
        "bench": "how fast the suite is on this machine: counting, training, sweeps, the store, split blocks",
        "backends": "whether networks trained with the fused kernels match those trained with torch's operators",
        "doctor": "what this machine has: device, threads, data, extras",
    },
}
COMMANDS = {name: purpose for commands in PURPOSES.values() for name, purpose in commands.items()}


def main() -> None:
    """Run the command that `sys.argv` names.

    A Problem ends it with one line and exit status 2, an interrupt with 130, a request to end (SIGTERM) with 143.
    """
    signal.signal(signal.SIGTERM, _end)
    try:
        try:
            run_command(sys.argv[1:])
        finally:
            sys.stdout.flush()  # inside the try, where a closed pipe is handled
    except Problem as problem:
        sys.exit(_fail(f"mnv2: {problem}", 2))
    except KeyboardInterrupt:
        sys.exit(_fail("mnv2: interrupted", 130))
    except BrokenPipeError:  # the reader of our output has closed the pipe, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def run_command(arguments: list[str]) -> None:
    """Run `mnv2 ARGUMENTS`.

    Raises:
        Problem: an unknown command, or whatever the command raises.
    """
    if not arguments or arguments[0] in ("-h", "--help"):
        print(usage())
        return
    command = known(arguments[0], COMMANDS, "command")
    module = importlib.import_module(f"experiments.commands.{module_name(command)}")
    _call(module, f"mnv2 {command}", arguments[1:])


def module_name(command: str) -> str:
    """The name of a command's module: "nas_bench_macro" of "nas-bench-macro"."""
    return command.replace("-", "_")


def _call(module: Any, program: str, arguments: list[str]) -> None:
    import tyro

    if hasattr(module, "VERBS"):
        description = (module.__doc__ or "").strip()
        tyro.extras.subcommand_cli_from_dict(module.VERBS, prog=program, description=description, args=arguments)
    else:
        tyro.cli(module.main, prog=program, args=arguments)


def usage() -> str:
    """The usage text with the list of commands."""
    lines = ["usage: mnv2 COMMAND [OPTIONS]", "", "New here? Begin with `mnv2 run`.", ""]
    for purpose, commands in PURPOSES.items():
        lines += [f"{purpose}:", *(f"  {name:15} {what}" for name, what in commands.items()), ""]
    return "\n".join([*lines, "`mnv2 COMMAND --help` lists the options of a command."])


def _end(number: int, frame: object) -> None:
    """End as an exception does, so that what is under way is written on the way out."""
    sys.exit(128 + number)


def _fail(message: str, status: int) -> int:
    print(message, file=sys.stderr)
    return status
