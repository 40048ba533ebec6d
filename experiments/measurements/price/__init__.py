"""What does each part of the network buy, and what does it cost?

A price list: for each part of MobileNetV2, the points of accuracy that it buys after each number of epochs, and what it
adds in multiply-adds, parameters, peak memory and latency. Four further rows have the marginal point: what ten percent
more width, depth, resolution or expansion buy. The parts are differences between networks that the studies train.

    mnv2 price
    mnv2 price --measure     with the latency of these networks on this machine

Nothing is trained. Every stored run counts, of the recipes tuned-N where they have run, else of brief and short. Where
a network has not run at a budget, the list says "not run".
"""
