"""Answers: what studies and measurements write below results/."""
