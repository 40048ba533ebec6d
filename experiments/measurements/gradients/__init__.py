"""Gradients: how they pass through networks with and without shortcuts, at initialisation and through training.

    mnv2 gradients

The study why-shortcuts asks what follows for accuracy. The claim judged here is `shortcuts-carry-gradients`, by the
rule in `rule.py`, which was fixed before the measurement.
"""
