"""Claims of the paper: the rules that judge them, and the scoreboard."""
