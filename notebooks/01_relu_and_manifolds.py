# %% [markdown]
# # 1. What does ReLU do to a low-dimensional manifold?
#
# A network's activations have many channels, but the images that made them vary in far fewer ways. MobileNetV2 is
# built on that thought: keep the tensors between blocks narrow, and do not put a ReLU there, because a ReLU throws
# half of what it sees away. This notebook looks at what it throws away. You need to know what a matrix product and a
# ReLU are, and nothing else.

# %%
import numpy as np
from showing import show, slide

from analysis.manifold.line import curve, full_share, sample
from analysis.manifold.sweep import Condition, sweep, typical
from analysis.manifold.theory.collapse import collapsed_share
from analysis.render.style import style
from experiments.measurements.manifold.figures import panels_figure, sweep_figure

# %% [markdown]
# ## A spiral goes to n dimensions, through ReLU, and comes back
#
# We take a flat spiral, multiply it by a random matrix that has n rows, apply ReLU, and go back by the
# pseudo-inverse. In the top row is what comes back. In the bottom row we are cleverer: for every point we use only the
# rows that ReLU left alone, and solve for the point. Grey points cannot be found again at all.

# %%
bands = sweep(Condition(), (2, 3, 5, 15, 30), draws=200, seed=0)
with style(columns=2, aspect=0.4):
    figure = panels_figure({band.n: typical(band, 200, 0) for band in bands}, Condition(), 200)
show(figure)

# %% [markdown]
# In two or three dimensions whole pieces of the spiral end up on one another. In fifteen or thirty nearly every point
# can be found: about half of the rows stay active for it, and two would do.
#
# ## Move the slider: how much survives at n dimensions?


# %%
def at(n):
    """Figure 1 with one panel, at n."""
    (band,) = sweep(Condition(), (n,), draws=60, seed=0)
    with style(columns=2, aspect=0.6):
        return panels_figure({n: typical(band, 60, 0)}, Condition(), 60)


slide(at, n=[2, 3, 4, 5, 7, 10, 15, 20, 30])

# %% [markdown]
# ## Not one picture but two hundred matrices
#
# A single random matrix can be lucky. Here are the measures over 200 of them at each n, with bands. The share that
# collapses is known exactly from combinatorics, and the dots agree with it.

# %%
exact = {band.n: float(collapsed_share(2, band.n)) for band in bands}
with style(columns=2, aspect=0.6):
    figure = sweep_figure(bands, exact)
show(figure)

# %% [markdown]
# ## The simplest manifold: a line
#
# A line through a ReLU gets a joint wherever one of its coordinates changes sign. The paper says that a line in
# n dimensions comes out with n joints. It does if every coordinate changes sign in a place of its own, and only then.

# %%
straight = curve([1, -2, 3], [1, 1, -1])
print("a line in 3 dimensions:", len(sample(straight, 9)), "points of it after ReLU")
print(np.round(sample(straight, 9), 2))
print("share of random lines in 3 dimensions that show all three bends:", full_share(3))

# %% [markdown]
# ## What to take away
#
# - ReLU loses information where a manifold fills the space that it lives in, and hardly any where it has room.
# - So: expand before the ReLU, and leave the narrow tensors linear. That is MobileNetV2's block.
# - The command `mnv2 manifold` draws all of this with a thousand matrices and checks the theory as well, statement
#   by statement. Some of the statements fail: read `results/tables/manifold-theory.md`.
