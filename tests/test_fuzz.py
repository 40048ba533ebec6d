"""Damaged and odd input of every kind ends in an answer or in one line, never in a traceback.

Small by default. MNV2_FUZZ_SECONDS gives the seconds that all kinds together take instead, with new seeds. Each kind
prints the first and last of them. The seed of a failure is noted with it, and MNV2_FUZZ_SEED repeats that round alone.
An example has bounded time and memory. Study files, which are Python, run in processes of their own.
"""

import os
import pickle
import re
import resource
import threading
import time

import pytest
from apart import ENDED, Apart, answered, bounded
from fuzz_files import PICTURE, TEN, TINY, changed, image_bytes, parquet_bytes, sealed, state, tar_bytes, torch_bytes
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from pictures import annotation, write_pictures
from PIL import Image
from safetensors.torch import save

from analysis.arch import unroll
from analysis.data.boxes import load_detection
from analysis.data.cifar.archive import read_members
from analysis.data.cifar.batches import read_binary, read_python
from analysis.data.cifar.parquet import read_parquet
from analysis.data.folder import class_names, classes_and_void
from analysis.data.images import read_image, read_indices, stored_bits, upright_size
from analysis.data.voc import read_objects
from analysis.nn import build
from analysis.nn.checkpoint import Origin, load_checkpoint, save_checkpoint
from analysis.nn.weights import load_torchvision_state_dict, read_weights

SECONDS = float(os.environ.get("MNV2_FUZZ_SECONDS", "0"))
SEED = os.environ.get("MNV2_FUZZ_SEED")
XML = annotation([("cell", 6, 4, 22, 14), ("bar", 0, 0, 64, 48)])
STUDY = """from __future__ import annotations
import argparse, sys
from dataclasses import dataclass
from analysis.arch import preset
from experiments.study import Study

@dataclass
class Width:
    value: float = 0.5

ARMS = {"a": preset("brief"), "b": preset("brief", width=Width().value)}
STUDY = Study("mine", "wide?", ARMS, recipe="brief", seeds=(0, 1))
"""


bytes_changes = st.lists(
    st.tuples(st.sampled_from(["set", "cut", "insert", "repeat", "zero"]), st.floats(0, 1), st.binary(max_size=6)),
    max_size=6,
)


def fuzzed(strategy, run):
    """Run with what the strategy draws: a few times, or again and again for this kind's share of the seconds.

    A failure is raised with a note of its seed.
    """
    end = time.monotonic() + SECONDS / len(KINDS)
    failed = []

    def once(drawn):
        if SECONDS and not SEED and not failed and time.monotonic() > end:
            return  # what is drawn later costs next to nothing
        try:
            with bounded():
                run(drawn)
        except BaseException:
            failed.append(drawn)  # it is made smaller, however long that takes
            raise

    long = bool(SECONDS or SEED)
    examples = settings(
        max_examples=100 if long else 12,
        deadline=None,
        database=None,
        derandomize=not long,
        suppress_health_check=list(HealthCheck),
    )
    made = examples(given(strategy)(lambda drawn: once(drawn)))
    if not long:
        made()
        return
    first = number = int(SEED or time.time_ns() // 1000)
    while number == first or (time.monotonic() < end and not SEED):
        try:
            seed(number)(made)()
        except BaseException as error:
            error.add_note(f"MNV2_FUZZ_SEED={number} repeats it")
            raise
        number += 1
    print(f"seeds {first} to {number - 1}")


TOKENS = sorted(
    {
        *re.findall(r"<[^>]+>|[^<>]+", XML),
        "<?xml version='1.0' encoding='gbk'?>",
        "<!DOCTYPE a>",
        "&",
        "1e999",
        "<object/>",
    }
)
WORDS = sorted(set(re.findall(r"\w+|[^\w\s]|\n", STUDY)))


def fuzz_xml(folder):
    tokens = re.findall(r"<[^>]+>|[^<>]+", XML)
    edits = st.lists(
        st.tuples(st.integers(0, len(tokens) - 1), st.sampled_from(["", *TOKENS]) | st.text(max_size=5)), max_size=6
    )
    encodings = st.sampled_from(["utf-8", "utf-16", "utf-8-sig", "gbk", "latin-1", "utf-32-le"])

    def run(drawn):
        several, encoding, changes = drawn
        made = list(tokens)
        for place, text in several:
            made[place] = text
        path = folder / "a.xml"
        path.write_bytes(changed("".join(made).encode(encoding, errors="replace"), changes))
        answered(lambda: read_objects(path, (48, 64), ("cell", "bar")))

    fuzzed(st.tuples(edits, encodings, bytes_changes | st.just([])), run)


def fuzz_lists(folder):
    data = write_pictures(folder / "data", train=2, val=1, test=1)
    path = data / "ImageSets" / "Main" / "train.txt"
    kept = path.read_bytes()
    (folder / "classes.txt").write_text("cell\nbar\nvoid = 255\n")
    classes = (folder / "classes.txt").read_bytes()

    def run(drawn):
        path.write_bytes(changed(kept, drawn))
        (folder / "classes.txt").write_bytes(changed(classes, drawn))
        answered(
            lambda: load_detection(data, (24, 32), ("square", "bar"), "mine"),
            lambda: class_names(folder, 3),
            lambda: classes_and_void(folder, 2),
        )

    fuzzed(bytes_changes, run)


def fuzz_images(folder):
    files = image_bytes()

    def run(drawn):
        (content, suffix), changes, whole = drawn
        content = changed(content, changes)
        path = folder / f"a.{suffix}"
        path.write_bytes(sealed(content) if whole and suffix == "png" else content)
        answered(*(lambda read=read: read(path) for read in (read_image, read_indices, upright_size)))
        answered(lambda: stored_bits([path]))

    fuzzed(st.tuples(st.sampled_from(files), bytes_changes, st.booleans()), run)


def fuzz_parquet(folder):
    content, path = parquet_bytes(), folder / "a.parquet"

    def run(drawn):
        path.write_bytes(changed(content, drawn))
        answered(lambda: read_parquet(path, TEN))

    fuzzed(bytes_changes, run)


def fuzz_weights(folder):
    files = [(save(state()), "safetensors"), (torch_bytes(), "pth")]

    def run(drawn):
        (content, suffix), changes = drawn
        path = folder / f"a.{suffix}"
        path.write_bytes(changed(content, changes))
        answered(lambda: load_torchvision_state_dict(build(unroll(TINY)), read_weights(path)))

    fuzzed(st.tuples(st.sampled_from(files), bytes_changes), run)


def fuzz_checkpoints(folder):
    path = save_checkpoint(
        folder / "a.safetensors", build(unroll(TINY)), Origin(TINY.text, "r", "d", "0", 0, "trained")
    )
    content = path.read_bytes()

    def run(drawn):
        path.write_bytes(changed(content[:800], drawn) + content[800:])
        answered(lambda: load_checkpoint(path))

    fuzzed(bytes_changes, run)


def fuzz_batches(folder):
    batch = pickle.dumps({"data": PICTURE.reshape(1, -1), "labels": [3]})
    archive = tar_bytes()

    def run(drawn):
        (folder / "a.tar.gz").write_bytes(changed(archive, drawn))
        answered(
            lambda: read_python(changed(batch, drawn), TEN, "a"),
            lambda: read_binary(changed(batch[:3073], drawn), TEN, "a"),
            lambda: read_members(folder / "a.tar.gz", ("data_batch_1",)),
        )

    fuzzed(bytes_changes, run)


def fuzz_studies(folder):
    words = re.findall(r"\w+|[^\w\s]|\s+", STUDY)
    edits = st.lists(st.tuples(st.integers(0, len(words) - 1), st.sampled_from(["", *WORDS])), max_size=4)

    path = folder / "a.py"

    def run(drawn):
        several, changes = drawn
        made = list(words)
        for place, word in several:
            made[place] = word
        path.write_bytes(changed("".join(made).encode(), changes))
        kind, text = apart.study(path)
        assert kind != "failed" and (kind == "study" or "\n" not in text), text

    with Apart() as apart:
        path.write_text(STUDY)
        assert apart.study(path) == ("study", "mine")
        fuzzed(st.tuples(edits, st.just([]) | bytes_changes), run)


KINDS = {name.removeprefix("fuzz_"): each for name, each in dict(globals()).items() if name.startswith("fuzz_")}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
def test_no_input_ends_in_a_traceback(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 200_000)  # sides that a header states cost no memory here
    KINDS[kind](tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import os; os._exit(3)", f"{ENDED} (3)"),
        ("import os; os.kill(os.getpid(), 9)", f"{ENDED} (-9)"),
        ("while True: pass", ENDED),
        ("import time; time.sleep(600)", ENDED),
        ("import sys; sys.exit(3)", "it ends the program"),
        ("b'a' * (1 << 40)", "MemoryError"),
        ("import analysis.problem; del analysis.problem.Problem", "has no STUDY"),
    ],
)
def test_a_study_file_of_the_fuzz_test_ends_and_changes_nothing_but_its_own_process(tmp_path, text, words):
    (tmp_path / "a.py").write_text(text)
    (tmp_path / "b.py").write_text(STUDY)
    with Apart() as apart:
        assert words in apart.study(tmp_path / "a.py", seconds=1)[1]
        assert apart.study(tmp_path / "b.py") == ("study", "mine")


def test_an_example_of_the_fuzz_test_is_bounded():
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(MemoryError), bounded(room=1 << 28):
        bytearray(1 << 29)
    assert resource.getrlimit(resource.RLIMIT_AS) == before


@pytest.mark.skipif(threading.current_thread() is not threading.main_thread(), reason="alarms go to the main thread")
def test_an_example_of_the_fuzz_test_does_not_hang():
    def hang():
        while True:
            pass

    with pytest.raises(AssertionError, match="more than 0.05 s"), bounded(seconds=0.05):
        hang()


def test_a_failure_of_the_fuzz_test_names_the_seed_that_repeats_it(monkeypatch):
    def fail(drawn):
        assert drawn < 5

    monkeypatch.setitem(globals(), "SEED", "77")
    with pytest.raises(AssertionError) as raised:
        fuzzed(st.integers(0, 100), fail)
    assert raised.value.__notes__[-1] == "MNV2_FUZZ_SEED=77 repeats it"
