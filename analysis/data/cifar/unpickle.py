"""Pickled batches, read without running anything that they name."""

import io
import math
import pickle
import pickletools
from typing import Any

from analysis.data.reading import AGAIN, first_line
from analysis.problem import Problem

# What numpy writes for an array, before and since 2.0, in protocols 2 to 5. Nothing of numpy is called:
# stand-ins collect the arguments.
KNOWN = {
    ("numpy", "ndarray"): "ndarray",
    ("numpy", "dtype"): "dtype",
    ("numpy.core.multiarray", "_reconstruct"): "reconstruct",
    ("numpy._core.multiarray", "_reconstruct"): "reconstruct",
    ("numpy.core.numeric", "_frombuffer"): "frombuffer",
    ("numpy._core.numeric", "_frombuffer"): "frombuffer",
    ("_codecs", "encode"): "encode",
}


class Array:
    """A pickled array of bytes (dtype uint8) as it lies in the file; `fortran`: first index fastest."""

    __slots__ = ("content", "fortran", "shape")

    def __init__(self) -> None:
        self.shape, self.content, self.fortran = (0,), b"", False

    def __setstate__(self, state: Any) -> None:
        _, shape, kind, fortran, content = state
        self.fill(kind, shape, fortran, content)

    def fill(self, kind: Any, shape: Any, fortran: Any, content: Any) -> None:
        """Take over the pickled state.

        Raises:
            UnpicklingError: it is not an array of bytes, or has another size than its shape says.
        """
        content = content.encode("latin1") if isinstance(content, str) else bytes(content)
        counts = all(type(length) is int and length >= 0 for length in shape)
        if kind != "u1" or not counts or math.prod(shape) != len(content):
            raise pickle.UnpicklingError("an array of another type or size")
        self.shape, self.content, self.fortran = tuple(shape), content, bool(fortran)


class _Kind(str):
    """A pickled dtype: its code. Its state is the byte order, which single bytes lack."""

    def __setstate__(self, state: Any) -> None:
        del state


class _Name:
    """Takes the place of what a pickle names. Made anew each time, so that changing it changes nothing else."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *arguments: Any) -> Any:
        match self.name, arguments:
            case "reconstruct", _:
                return Array()
            case "dtype", (str() | bytes() as code, *_):
                return _Kind(code.decode("latin1") if isinstance(code, bytes) else code)
            case "frombuffer", (content, kind, shape, order, *_):
                array = Array()
                array.fill(kind, shape, order == "F", content)
                return array
            case "encode", (str() as text, "latin1" | b"latin1"):
                return text.encode("latin1")
        raise pickle.UnpicklingError(f"a call of {self.name}")


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in KNOWN:
            raise _RefusedError(f"{module}.{name}")
        return _Name(KNOWN[module, name])


class _RefusedError(Exception):
    """The pickle names something that data do not need."""


def _check_memo(content: bytes) -> None:
    """Refuse a place in the memo beyond the bytes of the pickle: the unpickler would make room up to there, some 64 GB
    for one damaged byte.

    Raises:
        UnpicklingError: there is one.
    """
    for opcode, argument, _ in pickletools.genops(content):
        if "PUT" in opcode.name and int(argument or 0) > len(content):
            raise pickle.UnpicklingError(f"place {argument} of a memo in {len(content)} bytes")


def load_plain(content: bytes, origin: str) -> Any:
    """The pickled value, made of dict, list, tuple, numbers, text, bytes and `Array` only.

    Text of Python 2 comes as bytes. The pickle can call nothing: whatever it names is refused or replaced by
    a stand-in.

    Raises:
        Problem: it names anything else, or is damaged; it names `origin`.
    """
    try:
        _check_memo(content)
        return _PlainUnpickler(io.BytesIO(content), encoding="bytes").load()
    except _RefusedError as error:
        raise Problem(
            f"{origin} was refused: it names {error}, which no data set needs to run; get the original file"
        ) from error
    except Exception as error:  # a damaged pickle can raise anything
        raise Problem(f"{origin} is cut or no pickled batch ({first_line(error)}); {AGAIN}") from error
