"""The device that a run computes on: found by its name, what a record says of it, its arithmetic, its random state."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor

from analysis.problem import Problem

CPU = torch.device("cpu")
WITHOUT_GENERATOR = ("cpu", "meta")  # torch's own generator is that of the CPU
RANDOM = "random"


def devices() -> tuple[str, ...]:
    """Names of the devices of this machine: "cpu", then its accelerators ("cuda:0", "cuda:1")."""
    if not torch.accelerator.is_available():
        return ("cpu",)
    kind = torch.accelerator.current_accelerator()
    assert kind is not None
    return ("cpu", *(f"{kind.type}:{index}" for index in range(torch.accelerator.device_count())))


def find_device(name: str = "auto", place: int = 0) -> torch.device:
    """The device called `name`: "cpu", "cuda:1"; "cuda" or "mps" for one of its kind; "auto" for an accelerator where
    there is one. Of several accelerators the processes side by side, numbered by `place` from 0, take one each in turn.

    Raises:
        Problem: this machine has no such device.
    """
    here = devices()
    accelerators = here[1:]
    if name in here:
        return torch.device(name)
    if name == "auto" and not accelerators:
        return CPU
    if accelerators and name in ("auto", accelerators[0].partition(":")[0]):
        return torch.device(accelerators[place % len(accelerators)])
    raise Problem(f"there is no device {name!r} here; there are {', '.join(here)}, or auto")


def facts(device: torch.device) -> dict[str, str]:
    """What a record says of the device: its name as the driver gives it, its type, and on accelerators the types of
    maps in memory (`storage`) and of what is multiplied (`products`)."""
    if device.type == "cpu":
        return {"device": "cpu", "device_type": "cpu"}
    module: Any = torch.get_device_module(device)
    named = getattr(module, "get_device_name", None)
    name, type_ = named(device) if named else device.type, str(precision(device)).removeprefix("torch.")
    return {"device": name, "device_type": device.type, "storage": type_, "products": type_}


def precision(device: torch.device) -> torch.dtype:
    """What the layers of a network compute in while it trains: bfloat16 on accelerators that have it."""
    if device.type == "cpu" or not torch.amp.is_autocast_available(device.type):
        return torch.float32
    if device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.float32
    return torch.bfloat16


def arithmetic(device: torch.device, type_: torch.dtype) -> AbstractContextManager[Any]:
    """Within the block layers compute in the type, see `precision`; with float32 they do what they do without it."""
    return nullcontext() if type_ == torch.float32 else torch.autocast(device.type, type_)


def finish(device: torch.device) -> None:
    """Wait until the device has done what it was given."""
    if device.type not in WITHOUT_GENERATOR:
        torch.accelerator.synchronize(device)


def random_state(device: torch.device) -> dict[str, Tensor]:
    """The states of torch's own generators that a training on `device` draws from, uint8 (bytes,), by name."""
    states = {RANDOM: torch.get_rng_state()}
    if device.type not in WITHOUT_GENERATOR:
        states[f"{RANDOM}.{device.type}"] = _module(device).get_rng_state(*_which(device))
    return states


def set_random_state(states: dict[str, Tensor], device: torch.device) -> None:
    """Put the states (bytes,) in place; that of another kind of device is left out."""
    torch.set_rng_state(states[RANDOM])
    if (state := states.get(f"{RANDOM}.{device.type}")) is not None:
        _module(device).set_rng_state(state, *_which(device))


def _module(device: torch.device) -> Any:
    return torch.get_device_module(device)


def _which(device: torch.device) -> tuple[torch.device, ...]:
    return () if device.type == "mps" else (device,)  # of which there is one
