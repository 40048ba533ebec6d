"""Class names in the metadata of parquet files: another set of ten classes does not load as CIFAR-10."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.data.cifar import load_dataset
from analysis.data.cifar.catalog import CATALOG
from analysis.data.cifar.parquet import stated_names
from analysis.problem import Problem

TEN = list(CATALOG["cifar10"].classes)


def write(folder, make, pixels, features, image="img", label="label"):
    for split, (images, labels) in pixels.items():
        column = [{"bytes": make.encoded(each), "path": None} for each in images]
        kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
        table = pa.table({image: pa.array(column, kind), label: pa.array(labels)})
        metadata = {"huggingface": json.dumps({"info": {"features": features}})}
        (folder / "plain_text").mkdir(parents=True, exist_ok=True)
        pq.write_table(
            table.replace_schema_metadata(metadata), folder / "plain_text" / f"{split}-00000-of-00001.parquet"
        )
    return folder


def of(names, column="label"):
    return {column: {"names": names, "_type": "ClassLabel"}}


@pytest.mark.parametrize("names", [TEN, ["plane", "car", *TEN[2:]]])
def test_its_own_names_load(tmp_path, make, pixels, names):
    data = load_dataset("cifar10", write(tmp_path / "hub", make, pixels, of(names)))
    assert np.array_equal(data.train_labels, pixels["train"][1])


@pytest.mark.parametrize(
    "names",
    [
        list("0123456789"),
        ["airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"],
        ["AnnualCrop", "Forest", "Herb", "Highway", "Industrial", "Pasture", "Crop", "Residential", "River", "Lake"],
        TEN[::-1],
        [*TEN, "other"],
    ],
    ids=["digits", "ten of 96 pixels", "land", "reversed", "eleven"],
)
@pytest.mark.parametrize("image", ["img", "image"])
def test_another_set_of_classes_is_refused(tmp_path, make, pixels, names, image):
    place = write(tmp_path / "hub", make, pixels, of(names), image)
    with pytest.raises(Problem, match="is it another data set") as caught:
        load_dataset("cifar10", place)
    assert str(place) in str(caught.value)


def test_the_names_of_the_fine_labels_count_for_the_hundred(tmp_path, make, pixels):
    fine = list(CATALOG["cifar100"].classes)
    place = write(tmp_path / "a", make, pixels, of(fine, "fine_label"), label="fine_label")
    assert len(load_dataset("cifar100", place).train_labels) == 40
    place = write(tmp_path / "b", make, pixels, of(sorted(fine)[::-1], "fine_label"), label="fine_label")
    with pytest.raises(Problem, match="calls class 0 'worm'"):
        load_dataset("cifar100", place)


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        {b"huggingface": b"no json"},
        {b"huggingface": b"[]"},
        {b"huggingface": b'{"info": {"features": {"label": {"dtype": "int64"}}}}'},
        {b"huggingface": b'{"info": {"features": {"label": {"names": 3}}}}'},
        {b"pandas": b"{}"},
    ],
)
def test_metadata_without_names_say_nothing(metadata):
    assert stated_names(metadata, "label") == []
