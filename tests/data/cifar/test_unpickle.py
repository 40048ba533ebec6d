"""Pickled batches of every age are read; a hostile pickle is refused and runs nothing."""

import os
import pickle
import struct
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.data.cifar.unpickle import Array, load_plain
from analysis.problem import Problem


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_of_every_protocol(protocol: int, order: Any) -> None:
    array = np.asarray(np.arange(12, dtype=np.uint8).reshape(3, 4), order=order)
    read = load_plain(pickle.dumps({"data": array, "labels": [1, 2]}, protocol), "here")
    assert read["labels"] == [1, 2] and isinstance(read["data"], Array)
    content = np.frombuffer(read["data"].content, np.uint8)
    np.testing.assert_array_equal(
        content.reshape(read["data"].shape, order="F" if read["data"].fortran else "C"), array
    )


def text(value: bytes) -> bytes:
    """A byte string of Python 2."""
    return b"T" + struct.pack("<I", len(value)) + value


def test_a_batch_as_python_2_wrote_it() -> None:
    """The published files: protocol 2, str for keys and for the raw bytes of the array."""
    array = (
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85" + text(b"b") + b"tR"
        b"(K\x01K\x02K\x03\x86cnumpy\ndtype\n(" + text(b"u1") + b"K\x00K\x01tR"
        b"(K\x03"
        + text(b"|")
        + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
        + text(b"\x00\x01\x80\xff\x04\x05")
        + b"tb"
    )
    content = b"\x80\x02}(" + text(b"data") + array + text(b"labels") + b"](K\x07K\x08eu."
    read = load_plain(content, "here")
    assert read[b"labels"] == [7, 8]
    assert (read[b"data"].shape, read[b"data"].content) == ((2, 3), b"\x00\x01\x80\xff\x04\x05")


class Hostile:
    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_hostile_pickles_run_nothing(protocol: int, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    attacks = [
        Hostile(os.system, f"touch {mark}"),
        Hostile(subprocess.check_call, ["touch", str(mark)]),
        Hostile(eval, f"open({str(mark)!r}, 'w')"),
        Hostile(Path.touch, mark),
        Hostile(getattr, "", "join"),
        Hostile(np.load, str(mark)),
    ]
    for attack in attacks:
        content = pickle.dumps({"data": attack, "labels": []}, protocol)
        with pytest.raises(Problem, match=r"^batch was refused: it names .*; get the original file$"):
            load_plain(content, "batch")
    assert not mark.exists()
    pickle.loads(pickle.dumps(attacks[0], protocol))
    assert mark.exists()  # an ordinary reader would have run it


def test_stand_ins_cannot_be_misused() -> None:
    """Calling the names that are known with other arguments, or changing them, reaches nothing."""
    for body in (
        b"cnumpy\nndarray\n(I5\ntR.",
        b"c_codecs\nencode\n(X\x01\x00\x00\x00aX\x05\x00\x00\x00utf16tR.",
        b"cnumpy\ndtype\n(I5\ntR.",
        b"cnumpy\ndtype\n}X\x08\x00\x00\x00__call__I5\nsb.",
        b"cnumpy.core.multiarray\n_reconstruct\n)R(I1\n(I-1\nI-4\ntcnumpy\ndtype\n(X\x02\x00\x00\x00u1tRI0\nC\x04aaaatb.",
        b"cnumpy\ndtype\n)\x81.",
        b"cnumpy\ndtype.__init__.__globals__\n.",
    ):
        with pytest.raises(Problem, match=r"^batch (is cut|was refused)"):
            load_plain(b"\x80\x04" + body, "batch")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_a_problem(content: bytes) -> None:
    try:
        value = load_plain(content, "here")
    except Problem as problem:
        assert "here" in str(problem) and "\n" not in str(problem)
    else:
        assert not callable(value) or isinstance(value, type(load_plain(b"cnumpy\ndtype\n.", "here")))
