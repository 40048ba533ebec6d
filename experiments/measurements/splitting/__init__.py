"""What splitting the inner tensors of a block saves and costs."""
