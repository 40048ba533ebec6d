"""Sweeps in front of a user: data, executor, progress."""
