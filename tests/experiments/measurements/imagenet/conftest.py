"""Published networks of tests, measured once."""

from importlib.util import find_spec

import pytest
from labelled_images import pictures, weights

from analysis.data.labelled import find_labelled
from experiments.measurements.imagenet import instruments, measure, rows

LACKS = [name for name in ("ai_edge_litert", "h5py", "tflite") if find_spec(name) is None]
if LACKS:  # the extra `weights` is not installed
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(scope="session")
def measured(tmp_path_factory):
    """A folder of results with rows of two small networks on eight images, the images, and the files."""
    folder = tmp_path_factory.mktemp("imagenet")
    images, labels = pictures(folder / "images")
    files = weights(folder / "w", ("mobilenet_v2_1.0_224_quant", "other"))
    results = folder / "results"
    instruments.look_at(files, images, labels, False, (files[0], files[1]), results, print)
    labelled = find_labelled(images, labels)
    for path in files:
        published = instruments.read_published(path)
        shown = measure.show(labelled, measure.Look(32))
        found = measure.answers(path.stem, path, published, shown)
        found += measure.low_precision(path.stem, published, shown, print)
        rows.merge(results, "accuracy", found, measure.conditions(labelled, instruments.LOOK))
    return results, (images, labels), files
