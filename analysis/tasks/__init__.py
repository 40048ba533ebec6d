"""Tasks: how each kind of recipe loads data, trains and scores."""
