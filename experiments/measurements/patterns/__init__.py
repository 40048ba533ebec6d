"""Is Figure 7 true of networks trained here, and do their activations lie on low-dimensional manifolds?

Appendix A counts the positive channels of each expansion layer, at initialisation and after training, and compares them
with the block's input channels: with fewer the block cannot be inverted (Lemma 2). Section 3.2 supposes that
activations of interest fill few of their dimensions. Here both are measured on held-out training images, with what a
ReLU6 loses of a block's input at several expansions, and what it does after the projection.

    mnv2 patterns --checkpoints FOLDER

What came out (three seeds, one epoch): half of each expansion's channels are positive before training and after it. No
layer falls below the threshold at expansion 6 and 10, with or without shortcuts. At expansion 2, where the threshold is
the mean, every layer does. One epoch does not show that the spread grows. In the published curves three layers fall
below, not two, all without a shortcut. Of a block's input an affine map recovers 92 % of the variance from the
activated expansion at expansion 2 and 98.5 % at 6. How low the dimension is depends on the measure. Trained, the
baseline's activated expansion needs 30 % of its channels for 95 % of the variance and the filtered one 69 %, both above
the quarter that the rule asks for. Nearest neighbours say 9 and 14 of 89. A ReLU6 after the projection kills one
channel in one of three networks and lowers no other rank: what it costs in accuracy is not lost that way.

What it does not show: one epoch of CIFAR-10 on a network of 3 M multiply-adds and 8 to 16 input channels a block is
not ImageNet at 16 to 160 channels.
"""
