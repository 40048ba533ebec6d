"""Studies: one document per question."""
