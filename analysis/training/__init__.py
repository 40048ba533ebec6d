"""Training a network: data sets, recipes, the training loop."""
