"""Activations of trained networks as point sets: channels that are positive, dimensions filled, inputs recovered."""
