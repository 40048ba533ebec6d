"""What the activations of trained networks look like."""
