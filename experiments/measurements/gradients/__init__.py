"""Gradients: how they pass through networks with and without shortcuts, at initialisation and through training.

    mnv2 gradients

The study why-shortcuts asks what follows for accuracy. The claim judged here is `shortcuts-carry-gradients`, by the
rule in `rule.py`, which was fixed before the measurement.

What came out: before training, a gradient grows without shortcuts by nearly the same factor at every block, over the
whole network four times as far as with them, and half as many directions of it arrive. Half an epoch later no network
lets gradients grow or vanish any more, and without shortcuts the factor is closer to one than with them. The directions
stay apart: with shortcuts three times as many arrive as without, a larger lead than before training. So the reason
holds for directions at both times and for growth at the start only, and the claim as ruled, with both at both times, is
contradicted. Which tensors the shortcuts join makes little difference to either.

What it does not show: one epoch of a network of 14 blocks with batch normalisation. Which of the two matters to
accuracy was not varied.
"""
