"""The network that the paper trained: its published weights under the instruments of this suite.

    mnv2 evaluate --weights FILE ... --images FOLDER --labels labels.csv --keep
    mnv2 patterns --weights FILE ... --images FOLDER --labels labels.csv

Files of Keras and of TensorFlow Lite are read as networks of this suite. Measured are their top-1 and top-5, as float,
by the suite's own integers and by TensorFlow Lite's interpreter; low precision; Figure 7 and dimensions; and what a
ReLU6 put on a trained bottleneck destroys. Rules are in `rule`, written before the measurement.
"""
