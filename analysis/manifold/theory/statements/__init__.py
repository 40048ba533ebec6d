"""The statements of section 3.2, Figure 1 and appendix A: for each what it says, how it is checked, its verdict."""
