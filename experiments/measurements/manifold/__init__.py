"""What ReLU does to a low-dimensional manifold."""
