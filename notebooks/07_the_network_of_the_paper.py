# %% [markdown]
# # 7. The network of the paper
#
# The paper says what trained MobileNetV2s look like inside: about half of each expansion's channels are positive, few
# pixels fall below the number that a block needs, activations fill few of their dimensions. Is that true of a network
# that was trained on ImageNet? Any file of published weights shows it: torchvision's, timm's, Keras's or TensorFlow
# Lite's.

# %%
import os
from pathlib import Path

import numpy as np
from IPython.display import Markdown
from showing import show

from analysis.data.images import SUFFIXES
from analysis.data.labelled import Look, read_all
from analysis.manifold.trained.measure import measured
from analysis.nn.published.read import read_published
from analysis.reference import table
from analysis.render.style import style
from experiments.measurements.imagenet.figures import bent_figure, layers_figure
from experiments.measurements.imagenet.measure import batches
from experiments.measurements.imagenet.rows import stored
from experiments.measurements.imagenet.tables import networks_table

FIGURE_7 = table("figure7_activation_patterns")

# %% [markdown]
# ## Your file
#
# Name a file of weights and a folder of images, labelled or not, before you start JupyterLab:
#
#     export MNV2_WEIGHTS=mobilenet_v2.pth MNV2_IMAGES=folder
#
# Keras's and TensorFlow Lite's files need `./run.sh --setup weights`. Without a folder of images noise takes their
# place, and the figure says so.

# %%
weights, images = (os.environ.get(name) for name in ("MNV2_WEIGHTS", "MNV2_IMAGES"))
TORCHVISION = """No file is named: below is what is stored. Torchvision's weights take two lines, in an environment of
their own:

    pip install torchvision
    python -c "import torchvision as t; t.models.mobilenet_v2(weights='DEFAULT')"

The second one says where it saves the file, `mobilenet_v2-7ebf99e0.pth` in torch's cache: name it in `MNV2_WEIGHTS`."""
published = read_published(Path(weights)) if weights else None
Markdown(f"`{Path(weights).name}`: {published.said}" if published else TORCHVISION)

# %% [markdown]
# ## Figure 7, of your file
#
# The share of positive channels of each expansion, over all pixels. Dotted: as many channels as the block has inputs.
# Below them a block cannot be inverted. Published on the left, your file on the right.

# %%
MOST = 50  # images


def noise(count, side):
    """Colour noise whose spectrum falls with frequency as that of photographs does: (count, side, side, 3), uint8."""
    rows, columns = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]
    falls = 1 / np.maximum(np.hypot(rows, columns), 1 / side)
    made = np.random.default_rng(0).standard_normal((count, 3, side, side))
    made = np.fft.irfft2(np.fft.rfft2(made) * falls, s=(side, side))
    made += 1.5 * made.mean(1, keepdims=True)  # the colours of a pixel go together
    made = (made - made.mean((1, 2, 3), keepdims=True)) / made.std((1, 2, 3), keepdims=True)
    return np.ascontiguousarray((118 + 60 * made).clip(0, 255).astype(np.uint8).transpose(0, 2, 3, 1))


if published:
    side, name = published.variant.size[0], Path(weights).stem
    found = sorted(p for p in Path(images).rglob("*") if p.suffix.lower() in SUFFIXES)[:MOST] if images else []
    pixels = read_all(found, Look(side)) if found else noise(MOST, side)
    what = f"{len(found)} images of {Path(images).name}" if found else "noise with the spectrum of photographs"
    rows, _, _ = measured(published.network(), list(batches(pixels, published)), (name, 0, "trained"))
    with style(columns=2, aspect=0.5):
        figure = layers_figure(rows, [name], FIGURE_7)
        figure.suptitle(what)
    show(figure)

# %%
Markdown(networks_table(rows, what).markdown() if published else "")

# %% [markdown]
# ## Figure 7, of the networks that the suite has looked at
#
# Published on the left. Untrained networks above, trained ones below.

# %%
(kept,) = stored(Path("../results"))
shown = ["untrained_1.0_224", "mobilenet_v2_1.0_224_quant", "tf2_mobilenet_v2_1.0_224_ptq"]
with style(columns=2, aspect=0.55):
    figure = layers_figure(kept.rows.positive, shown, FIGURE_7)
show(figure)

# %%
Markdown(networks_table(kept.rows.positive, kept.note).markdown())

# %% [markdown]
# ## A ReLU6 on a trained bottleneck
#
# The central claim, asked of a network that was trained without it: what does a ReLU6 after the projection of one
# block destroy? On the left the variance of the bottleneck that no affine map of a channel gives back, on the right
# the change of top-1.

# %%
with style(columns=2, aspect=0.45):
    figure = bent_figure(kept.rows.bent)
show(figure)

# %% [markdown]
# ## What to take away
#
# - Untrained, the shares are those of the paper. Trained, layers differ more from one another than its figure shows.
# - The layers that fall below the threshold are blocks without a shortcut, as in the published curves.
# - A single rectified bottleneck can take most of the accuracy of a network that was not trained for it.
