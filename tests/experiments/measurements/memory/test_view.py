"""The answer of `mnv2 memory` is named after the network and its bits."""

import pytest
from matplotlib import pyplot

from analysis.arch import preset
from experiments.measurements.memory.measure import Arguments, measure
from experiments.measurements.memory.view import answer, table


@pytest.mark.parametrize(("bits", "stem"), [(32, "memory-brief"), (8, "memory-brief-8-bit")])
def test_the_stem_has_the_bits_where_they_are_not_32(bits, stem):
    measured = measure(Arguments(preset("brief").text, bits=bits, ways=(2,), style="slides"))
    made = answer(measured)
    assert (made.stem, list(made.figures), made.verdicts) == (stem, [stem], None)
    assert made.figures[stem].look == "slides"
    figure = made.figures[stem].draw()
    assert len(figure.axes) == len(measured.timelines)
    pyplot.close(figure)


@pytest.mark.parametrize(("batch", "words"), [(1, "of one image,"), (4, "of 4 images,")])
def test_the_note_counts_the_images(batch, words):
    made = table(measure(Arguments(preset("brief").text, ways=(2,), batch=batch)))
    assert words in made.notes[0]
    assert made.rows[-1][3:] == (None, "")  # training: no order changes it
