"""Loading a data set in front of a user: a bar while it downloads, and what is to be said of it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.training.data import Dataset


def load(name: str, data_dir: Path | None = None) -> "Dataset":
    """`load_dataset` with a progress bar on standard error for a download; a remark on the cache goes there too.

    Raises:
        Problem: as `load_dataset`.
    """
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    from analysis.training.data import load_dataset

    bar = Progress(
        f"downloading {name}",
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task(name, total=None, visible=False)
    with bar:
        data = load_dataset(
            name, data_dir, progress=lambda done, total: bar.update(task, completed=done, total=total, visible=True)
        )
    if data.remark:
        print(f"mnv2: {data.remark}", file=sys.stderr)
    return data
