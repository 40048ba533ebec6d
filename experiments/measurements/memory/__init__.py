"""The peak activation memory of a network."""
