"""Low precision: a classifier that is scored in float32 and quantised."""
