"""Figures as pictures, and sliders over them where ipywidgets is installed."""

import io
from collections.abc import Callable, Sequence
from typing import Any

DOTS = 150  # an inch


def show(result: Any) -> None:
    """Display a figure as a PNG, anything else as it is."""
    from IPython.display import Image, display

    if hasattr(result, "savefig"):
        import matplotlib.pyplot as plt

        picture = io.BytesIO()
        result.savefig(picture, format="png", dpi=DOTS)
        plt.close(result)
        result = Image(picture.getvalue())
    display(result)


def slide(make: Callable[..., Any], **choices: Sequence[Any]) -> None:
    """Show `make(name=value, ...)`, with a slider over the values of each name; they begin in the middle. Without
    ipywidgets it stays there."""
    middle = {name: values[len(values) // 2] for name, values in choices.items()}
    try:
        from ipywidgets import SelectionSlider, interact
    except ImportError:
        show(make(**middle))
        return
    sliders = {name: SelectionSlider(options=values, value=middle[name]) for name, values in choices.items()}
    interact(lambda **chosen: show(make(**chosen)), **sliders)
