"""One damaged byte of a pickled batch does not take all memory."""

import pickle
import resource
import struct
import time

import pytest

from analysis.data.cifar.unpickle import load_plain
from analysis.problem import Problem


@pytest.mark.parametrize(
    "put", [b"r" + struct.pack("<I", 2**31), b"r\xff\xff\xff\xff", b"p2000000000\n", b"p99999999999999999999\n"]
)
def test_a_memo_larger_than_the_file_is_refused(put):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Problem, match="here is cut or no pickled batch .place .* of a memo in .* bytes"):
        load_plain(b"\x80\x02K\x01" + put + b".", "here")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_whole_batch_is_read_as_fast_as_before(protocol):
    labels, names = list(range(10)) * 1000, [f"image_{number}.png" for number in range(10_000)]
    content = pickle.dumps({"labels": labels, "filenames": names, "data": bytes(3072)}, protocol)
    started = time.monotonic()
    if protocol < 3:
        content = pickle.dumps({"labels": labels, "filenames": names, "data": 1}, protocol)
    assert load_plain(content, "here")["labels"] == labels
    assert time.monotonic() - started < 5
