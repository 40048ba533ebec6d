"""Facts about the machine and the software that a result depends on. They include no user, host or path."""

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

PROJECT = "mobilenetv2-ablations"


def environment() -> dict[str, str | int]:
    """Versions, processor, vector instructions, cores, threads, device and commit."""
    import torch

    return {
        "project": _version(PROJECT),
        "commit": commit(),
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": _version("numpy"),
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
        "processor": processor(),
        "vectors": torch.backends.cpu.get_cpu_capability(),
        "bf16": bf16_instructions(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "threads": torch.get_num_threads(),
    }


def processor() -> str:
    """The processor's name, as the system gives it."""
    return _processor_line("model name") or platform.processor() or platform.machine()


def bf16_instructions() -> str:
    """The processor's instructions for products of bf16 numbers, matrix instructions first, or "none"."""
    flags = _processor_line("flags", "Features").split()
    return " ".join(flag for flag in ("amx_bf16", "avx512_bf16", "bf16") if flag in flags) or "none"


def missing_from_extras() -> dict[str, list[str]]:
    """For each optional extra, its packages that are not installed. Empty if the project itself is not installed."""
    missing: dict[str, list[str]] = {}
    try:
        requirements = requires(PROJECT) or []
    except PackageNotFoundError:
        return missing
    for requirement in requirements:
        if extra := re.search(r"extra == ['\"]([\w-]+)", requirement):
            package = re.split(r"[^\w.-]", requirement)[0]
            missing.setdefault(extra[1], []).extend([package] if _version(package) == "unknown" else [])
    return missing


def commit() -> str:
    """The commit of the project's checkout, with "+" if files differ from it, or "unknown" outside a checkout."""
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--exclude=*", "--abbrev=12"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return described.stdout.strip()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _processor_line(*names: str) -> str:
    """The value of the first line of /proc/cpuinfo that starts with one of these names, or ""."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(names)), "")
