"""What the page of all results shows."""
