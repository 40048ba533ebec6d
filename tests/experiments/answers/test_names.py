"""A variant's label as part of a file's name."""

import pytest

from analysis.arch import preset
from experiments.answers.names import file_name


@pytest.mark.parametrize(
    ("variant", "name"),
    [(preset("imagenet"), "imagenet"), (preset("imagenet", width=0.5), "imagenet-width-0.5")],
)
def test_it_has_no_spaces_and_no_signs(variant, name):
    assert file_name(variant) == name
