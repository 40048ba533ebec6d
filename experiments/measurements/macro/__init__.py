"""What the 3,969 distinct networks of NAS-Bench-Macro say, which others trained for 50 epochs, three times each."""
