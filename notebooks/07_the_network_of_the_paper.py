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

from IPython.display import Markdown
from showing import show

from analysis.reference import table
from analysis.render.style import style
from experiments.measurements.imagenet.figures import bent_figure, layers_figure
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
# Without a file: torchvision's weights take two lines in an environment of their own, `pip install torchvision` and
# `python -c "import torch, torchvision as t; torch.save(t.models.mobilenet_v2(weights='DEFAULT').state_dict(),
# 'mobilenet_v2.pth')"`.

# %%
weights, images = (os.environ.get(name) for name in ("MNV2_WEIGHTS", "MNV2_IMAGES"))
published = None
if weights:
    from analysis.nn.published.read import read_published

    published = read_published(Path(weights))
Markdown(f"`{weights}`: {published.said}" if published else "No file is named: below is what is stored.")

# %% [markdown]
# ## Figure 7, of your file
#
# The share of positive channels of each expansion, over all pixels. Dotted: as many channels as the block has inputs.
# Below them a block cannot be inverted.

# %%
if published:
    from analysis.data.labelled import SUFFIXES, Look, read_all
    from analysis.manifold.trained.measure import measured
    from experiments.measurements.imagenet.measure import batches

    found = sorted(p for p in Path(images or ".").rglob("*") if p.suffix.lower() in SUFFIXES)[:50]
    assert found, "name a folder of images: MNV2_IMAGES=folder"
    pixels = read_all(found, Look(published.variant.size[0]))
    name = Path(weights).stem
    rows, _, _ = measured(published.network(), list(batches(pixels, published)), (name, 0, "trained"))
    with style(columns=2, aspect=0.5):
        figure = layers_figure(rows, [name], FIGURE_7)
    show(figure)

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
