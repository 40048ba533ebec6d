"""Data sets: finding, checking and decoding images with labels, boxes or masks; the test split opens once."""
