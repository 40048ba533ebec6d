"""Executors: what runs trials, on this machine or on a cluster."""
