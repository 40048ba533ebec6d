"""The one exception for what a user can mend."""


class Problem(Exception):
    """A mistake in the input or the surroundings: one line that says what is wrong and what to do."""
