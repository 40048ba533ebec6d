"""The command line: `mnv2 COMMAND ...` imports the one module that the command needs and nothing else."""

import importlib
import os
import sys
from typing import Any

from analysis.arch.text import known
from analysis.problem import Problem

# Command -> what it is for. Its module is experiments.commands.COMMAND, with a function `main` or, for a command
# with verbs, a dictionary VERBS of functions.
COMMANDS = {
    "run": "answer the first question: train, tabulate, plot, judge. Start here",
    "study": "a question's runs: list, run, show",
    "count": "multiply-adds and parameters of a network",
    "doctor": "what this machine has: device, threads, data, extras",
}


def main() -> None:
    """Run the command that `sys.argv` names.

    A Problem ends it with one line and exit status 2, an interrupt with 130.
    """
    try:
        _dispatch(sys.argv[1:])
    except Problem as problem:
        sys.exit(_fail(f"mnv2: {problem}", 2))
    except KeyboardInterrupt:
        sys.exit(_fail("mnv2: interrupted", 130))
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _dispatch(arguments: list[str]) -> None:
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
        tyro.extras.subcommand_cli_from_dict(
            module.VERBS, prog=program, description=description, args=arguments
        )
    else:
        tyro.cli(module.main, prog=program, args=arguments)


def usage() -> str:
    """The list of commands."""
    lines = [f"  {name:12} {purpose}" for name, purpose in COMMANDS.items()]
    return "\n".join(
        ["usage: mnv2 COMMAND [OPTIONS]", "", *lines, "", "`mnv2 COMMAND --help` tells the options of one."]
    )


def _fail(message: str, status: int) -> int:
    print(message, file=sys.stderr)
    return status
