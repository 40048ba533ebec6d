"""Which questions are asked, what decides them, and the command line that asks."""
