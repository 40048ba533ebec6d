"""Trials: what is to be run, the record of what ran, the store that keeps records, the sweep that fills it."""

from analysis.trials.record import Record
from analysis.trials.store import Store
from analysis.trials.trial import Trial

__all__ = ["Record", "Store", "Trial"]
