"""What a design or a rule does under known truths, found by simulation with the code that judges studies."""
