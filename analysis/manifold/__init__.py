"""What ReLU does to a low-dimensional manifold (section 3.2, Figure 1, appendix A): the toy, measured."""
