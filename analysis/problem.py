"""The exception for mistakes that a user can fix."""


class Problem(Exception):
    """A mistake in the input or the environment. Its message is one line: what is wrong, where, and what to do."""
