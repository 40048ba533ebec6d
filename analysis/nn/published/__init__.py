"""Networks that others trained, read from their files: weights, and what has to travel with them."""
