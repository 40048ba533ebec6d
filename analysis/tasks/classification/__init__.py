"""Classification: images with one label each."""
