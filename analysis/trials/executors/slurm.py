"""Running trials as arrays of Slurm jobs."""

import shutil
from collections.abc import Generator, Iterable
from pathlib import Path

from analysis.problem import Problem
from analysis.trials.executors.executor import Executor, Run, WorkerDied
from analysis.trials.executors.local import BYTES_A_TRIAL
from analysis.trials.record import Record
from analysis.trials.trial import Trial

MINUTES = 24 * 60  # of a job at most; SBATCH_TIMELIMIT overrides it, as the other SBATCH_ variables do what they name
POLL_SECONDS = 1.0


def on_slurm(run: Run, folder: Path, jobs: int = 16, cluster: str = "slurm") -> Executor:
    """An executor that submits its trials as one array of jobs, at most `jobs` of them running at a time.

    `folder` holds what submitit and the jobs write; all nodes must see it and the project under the same path.
    `cluster` "local" runs the jobs as processes of this machine instead, all at once.

    Raises:
        Problem: submitit or Slurm is missing, or a job could not use its data. (Running raises WorkerDied when
        jobs were lost.)
    """

    def execute(trials: Iterable[Trial]) -> Generator[Record, None, None]:
        try:
            import submitit
            from submitit.core.utils import FailedJobError
        except ImportError as error:
            raise Problem("submitit is not installed: ./run.sh --setup slurm") from error
        if cluster == "slurm" and shutil.which("sbatch") is None:
            raise Problem("there is no sbatch here: run this on a node from which jobs can be submitted")
        wanted = list(trials)
        if not wanted:
            return
        executor = submitit.AutoExecutor(folder, cluster=cluster)
        executor.update_parameters(
            name="mnv2",
            cpus_per_task=1,
            mem_gb=BYTES_A_TRIAL // 1024**3,
            timeout_min=MINUTES,
            slurm_array_parallelism=jobs,
        )
        arrays, lost = executor.map_array(run, wanted), 0
        try:
            for job in submitit.helpers.as_completed(arrays, poll_frequency=POLL_SECONDS):
                error = job.exception()
                if error is None:
                    yield job.result()
                elif isinstance(error, FailedJobError):
                    raise Problem(f"Slurm job {job.job_id} stopped: {_reason(str(error))}; its log is in {folder}")
                else:
                    lost += 1
        finally:
            for job in arrays:
                if not job.done():
                    job.cancel(check=False)
        if lost:
            raise WorkerDied(f"{lost} jobs ended without a record")

    return execute


def _reason(trace: str) -> str:
    """The line of a job's traceback that names its error."""
    errors = [line.strip() for line in trace.splitlines() if "Error: " in line or "Problem: " in line]
    return errors[-1].partition(": ")[2] if errors else "for no named reason"
