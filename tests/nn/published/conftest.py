"""The extra `weights` is needed by whatever makes files of published weights."""

from importlib.util import find_spec

LACKS = [name for name in ("ai_edge_litert", "h5py", "tflite") if find_spec(name) is None]
if LACKS:  # the extra `weights` is not installed
    collect_ignore_glob = ["test_*.py"]
