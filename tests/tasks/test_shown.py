"""Which test images are shown."""

from analysis.tasks.shown import shown_places


def test_shown_images_are_spread_over_the_split():
    assert [shown_places(n) for n in (0, 1, 2, 3, 72, 233)] == [
        (),
        (0,),
        (0, 1),
        (0, 1, 2),
        (12, 36, 60),
        (38, 116, 194),
    ]
