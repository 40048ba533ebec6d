"""Weights of a trained network in a safetensors file that says what they are of."""

import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from analysis.arch import parse_variant, unroll
from analysis.cost import count
from analysis.files import write_whole
from analysis.nn.backend import build
from analysis.nn.network import Network
from analysis.problem import Problem

STAGES = r"initial|share 0\.\d+|trained"


@dataclass(frozen=True)
class Origin:
    """What weights are of: texts of Variant and recipe, data set with digest, seed, and the stage of their training.

    `stage`: "initial", "trained", or the share of the steps that were taken, "share 0.5".

    Raises:
        Problem: another stage.
    """

    variant: str
    recipe: str
    dataset: str
    digest: str
    seed: int
    stage: str

    def __post_init__(self) -> None:
        if not re.fullmatch(STAGES, self.stage):
            raise Problem(f"stage {self.stage!r} of weights is none of: initial, trained, share 0.5")


def save_checkpoint(path: Path, network: Network, origin: Origin) -> Path:
    """Write the network's parameters and running statistics whole, `origin` in the file's metadata.

    Raises:
        Problem: the file cannot be written.
    """
    from safetensors.torch import save

    tensors = {name: tensor.detach().contiguous() for name, tensor in network.state_dict().items()}
    return write_whole(path, save(tensors, {name: str(value) for name, value in asdict(origin).items()}))


def load_checkpoint(path: Path, expected: Origin | None = None) -> tuple[Network, Origin]:
    """The network of the file's own Variant with its weights, run by torch's operators, and what they are of.

    Nothing in the file is executed.

    Raises:
        Problem: no such file, not a safetensors file (a pickle, a damaged one), metadata that is missing or not
            `expected`, a tensor that is missing, left over, or of another shape or type than the Variant asks for.
    """
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise Problem(f"there is no checkpoint {path}: train it first")
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is not a dictionary)
    except (SafetensorError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise Problem(f"{path} is damaged or not a safetensors file ({reason}): delete it and train again") from error
    origin = _origin(path, metadata)
    if expected is not None and origin != expected:
        axis = next(f.name for f in fields(Origin) if getattr(origin, f.name) != getattr(expected, f.name))
        found, wanted = getattr(origin, axis), getattr(expected, axis)
        raise Problem(f"{path} has {axis} {found}, not {wanted}: delete it and train again")
    plan, stored = unroll(parse_variant(origin.variant)), sum(tensor.numel() for tensor in tensors.values())
    if (wanted := count(plan).params) > 2 * stored:  # before they are made: a damaged width asks for any memory
        raise Problem(f"{path} has {stored:,} values, its Variant {wanted:,} parameters: delete it and train again")
    network = build(plan)
    ours = network.state_dict()
    if differing := sorted(set(ours) ^ set(tensors)):
        what = "lacks" if differing[0] in ours else "has besides"
        raise Problem(f"{path} {what} {differing[0]} ({len(differing)} names differ): delete it and train again")
    for name, tensor in tensors.items():
        if (tensor.shape, tensor.dtype) != (ours[name].shape, ours[name].dtype):
            found, wanted = (f"{tuple(t.shape)} of {t.dtype}" for t in (tensor, ours[name]))
            raise Problem(f"{path}: {name} is {found}, its Variant wants {wanted}: delete it and train again")
    network.load_state_dict(tensors)
    return network, origin


def _origin(path: Path, metadata: dict[str, str]) -> Origin:
    names = {field.name for field in fields(Origin)}
    if missing := sorted(names - set(metadata)):
        raise Problem(f"{path} does not say its {missing[0]}: it is not a checkpoint of this suite")
    values = {name: metadata[name] for name in names}
    try:
        return Origin(**{**values, "seed": int(values["seed"])})  # pyright: ignore[reportArgumentType] (the seed alone)
    except ValueError as error:
        raise Problem(f"{path} has seed {values['seed']!r}: it is not a checkpoint of this suite") from error
