"""Counting in every thread that a module starts or gives work to, and a note of what runs where nothing is seen."""

import _thread
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing.pool import Pool, ThreadPool
from multiprocessing.process import BaseProcess
from typing import Any
from unittest.mock import patch

import torch
from torch.nn.modules.module import register_module_forward_pre_hook

from analysis.nn.counting import Totals

TASKS = ("apply_async", "_map_async", "imap", "imap_unordered")  # methods of a pool, which its others call
ELSEWHERE = "it gives work to another process: that is not counted"


@contextmanager
def everywhere(totals: Totals) -> Iterator[None]:
    """Count what this thread runs in the block, and what threads and pools run that are given work in it."""

    def counted(run: Callable[..., Any]) -> Callable[..., Any]:
        def inside(*args: Any, **kwargs: Any) -> Any:
            with totals.here():
                return run(*args, **kwargs)

        return inside

    def start(thread: threading.Thread) -> None:
        thread.run = counted(thread.run)
        begin(thread)

    def gives(method: Callable[..., Any]) -> Callable[..., Any]:
        def give(pool: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
            if isinstance(pool, ThreadPool | ThreadPoolExecutor):
                return method(pool, counted(function), *args, **kwargs)
            totals.note(ELSEWHERE)
            return method(pool, function, *args, **kwargs)

        return give

    def start_process(process: BaseProcess) -> None:
        totals.note(ELSEWHERE)
        begin_process(process)

    def start_new(function: Any, *args: Any, **kwargs: Any) -> int:
        return begin_new(counted(function), *args, **kwargs)

    def notice(module: Any, _: Any) -> None:
        if not getattr(totals.local, "active", False) and not totals.notes:
            totals.note(f"{type(module).__name__} runs in a thread that was there before: not counted")

    begin, begin_new, begin_process = threading.Thread.start, _thread.start_new_thread, BaseProcess.start
    fast, hook = torch.backends.mha.get_fastpath_enabled(), register_module_forward_pre_hook(notice)
    with ExitStack() as changed:
        changed.callback(hook.remove)
        changed.callback(torch.backends.mha.set_fastpath_enabled, fast)
        for place, name, value in (
            (threading.Thread, "start", start),
            (_thread, "start_new_thread", start_new),
            (BaseProcess, "start", start_process),
            *((pool, "submit", gives(pool.submit)) for pool in (ThreadPoolExecutor, ProcessPoolExecutor)),
            *((Pool, name, gives(getattr(Pool, name))) for name in TASKS),
        ):
            changed.enter_context(patch.object(place, name, value))
        torch.backends.mha.set_fastpath_enabled(False)  # attention in its parts, which have formulas
        changed.enter_context(totals.here())
        yield
