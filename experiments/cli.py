"""The command line: `mnv2 COMMAND ...` imports the one module that the command needs and nothing else."""

import importlib
import os
import sys
from typing import Any

from analysis.arch.text import known
from analysis.problem import Problem

# By purpose: command -> what it is for. Its module is experiments.commands.COMMAND, with a function `main` or, for a
# command with verbs, a dictionary VERBS of functions.
PURPOSES = {
    "ask": {
        "run": "answer the headline questions: train, tabulate, plot, judge",
        "study": "a question's runs: list, run, show, plan",
        "claims": "every claim of the paper with its verdict",
        "report": "the answers of all studies, the audit, the scoreboard and the page of it all, from what is stored",
        "trial": "one stored run: show, rerun",
        "trials": "all stored runs: export as a table, check",
    },
    "calculate": {
        "count": "multiply-adds and parameters of a network",
        "memory": "peak activation memory under named schedules, and in the best order of execution",
        "solve": "the width or resolution that comes closest to a budget",
        "crosscheck": "other people's counters on the built module, explained to the last digit",
        "audit": "the costs that the paper prints, recomputed; where they differ, why",
        "latency": "how long the published networks take here, and what that follows",
        "export": "a network for other runtimes: ONNX or torch.export, checked before it is written",
        "draw": "pictures of a network and of its blocks",
        "manifold": "what ReLU does to a manifold: Figure 1 and its theory, drawn, measured, judged",
        "patterns": "what the activations of trained networks look like: Figure 7 and the manifold of interest",
    },
    "look after": {
        "lab": "the notebooks, in JupyterLab",
        "docs": "the API reference, as HTML",
        "bench": "how fast the suite is here: counting, training, sweeping, the store, split blocks",
        "backends": "whether the fused kernels train as torch's operators do",
        "doctor": "what this machine has: device, threads, data, extras",
    },
}
COMMANDS = {name: purpose for commands in PURPOSES.values() for name, purpose in commands.items()}


def main() -> None:
    """Run the command that `sys.argv` names.

    A Problem ends it with one line and exit status 2, an interrupt with 130.
    """
    try:
        try:
            run_command(sys.argv[1:])
        finally:
            sys.stdout.flush()  # here, where a reader that has gone is handled
    except Problem as problem:
        sys.exit(_fail(f"mnv2: {problem}", 2))
    except KeyboardInterrupt:
        sys.exit(_fail("mnv2: interrupted", 130))
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def run_command(arguments: list[str]) -> None:
    """Run `mnv2 ARGUMENTS`.

    Raises:
        Problem: whatever ends the command.
    """
    if not arguments or arguments[0] in ("-h", "--help"):
        print(usage())
        return
    command = known(arguments[0], COMMANDS, "command")
    module = importlib.import_module(f"experiments.commands.{command}")
    _call(module, f"mnv2 {command}", arguments[1:])


def _call(module: Any, program: str, arguments: list[str]) -> None:
    import tyro

    if hasattr(module, "VERBS"):
        description = (module.__doc__ or "").strip()
        tyro.extras.subcommand_cli_from_dict(module.VERBS, prog=program, description=description, args=arguments)
    else:
        tyro.cli(module.main, prog=program, args=arguments)


def usage() -> str:
    """The list of commands."""
    lines = ["usage: mnv2 COMMAND [OPTIONS]", "", "First time here? Begin with `mnv2 run`.", ""]
    for purpose, commands in PURPOSES.items():
        lines += [f"{purpose}:", *(f"  {name:12} {what}" for name, what in commands.items()), ""]
    return "\n".join([*lines, "`mnv2 COMMAND --help` tells the options of one."])


def _fail(message: str, status: int) -> int:
    print(message, file=sys.stderr)
    return status
