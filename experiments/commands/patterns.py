"""`mnv2 patterns`: what the activations of trained networks look like, Figure 7 and the manifold of interest."""

import json
import sys
from pathlib import Path

from analysis.problem import Problem


def main(
    checkpoints: Path = Path("results/scratch/checkpoints"),
    measure: bool = True,
    dataset: str = "cifar10",
    data_dir: Path | None = None,
    backend: str = "auto",
    results: Path = Path("results"),
) -> None:
    """Train the networks whose checkpoints are missing, measure all on validation images, judge Figure 7.

    Rows go to RESULTS/patterns, tables and figures beside the others, verdicts to RESULTS/verdicts. Training takes
    about 15 minutes on one core and measuring 8; what is in the folder of checkpoints is not trained again. The test
    set has no part in what is measured.

    Args:
        checkpoints: folder of initial and trained weights (safetensors).
        measure: without it, tables, figures and verdicts again from the stored rows, without data.
        dataset: cifar10, cifar100, synthetic.
        data_dir: a copy of the data set; without, CIFAR10_DIR, the cache, a download.
        backend: what runs the training step: eager, fused, auto.
        results: folder to write to.

    Raises:
        Problem: data or a checkpoint that cannot be read, or stored rows without their conditions.
    """
    from experiments.measurements.patterns.measure import stored
    from experiments.measurements.patterns.view import write

    name = "patterns" if dataset == "cifar10" else f"patterns-{dataset}"
    folder = results / name
    if measure:
        _measure(folder, checkpoints, dataset, data_dir, backend)
    found = stored(folder)
    try:
        note = json.loads((folder / "conditions.json").read_text())["note"]
    except (OSError, ValueError, KeyError) as error:
        raise Problem(f"{folder}/conditions.json does not say on what was measured: measure again") from error
    print("\n".join(map(str, write(found, note, results, name))))


def _measure(folder: Path, checkpoints: Path, dataset: str, data_dir: Path | None, backend: str) -> None:
    import torch

    from analysis.environment import environment
    from analysis.files import write_whole
    from analysis.tasks.recipes import recipe
    from analysis.trials.kept import is_kept, train_and_keep
    from experiments.answers.study import conditions
    from experiments.measurements.patterns.measure import SEEDS, measure_all, store, trials
    from experiments.measurements.patterns.rule import IMAGES
    from experiments.sweeps.data import load

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    torch.set_num_threads(1)
    data = load(dataset, data_dir)
    wanted = trials(data)
    for trial in wanted.values():
        if not is_kept(checkpoints, trial):
            train_and_keep(data, trial, checkpoints, backend)
            say(f"trained {trial.label}")
    store(measure_all(data, wanted, checkpoints, say), folder)
    held = conditions(data.name, data.note, recipe("brief"))
    note = f"{held}, seeds {min(SEEDS)} to {max(SEEDS)}, {IMAGES:,} validation images"
    conditions = {"note": note, "digest": data.digest, "environment": environment()}
    write_whole(folder / "conditions.json", (json.dumps(conditions, indent=1) + "\n").encode())
