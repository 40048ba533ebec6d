"""Measurements: evidence that is not a study of trained networks."""
