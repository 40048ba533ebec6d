# %% [markdown]
# # 2. What does a block cost?
#
# MobileNetV2 is a stack of one kind of block: a 1 x 1 convolution makes the tensor wide, a depthwise 3 x 3 convolution
# filters each channel by itself, another 1 x 1 convolution makes it narrow again. What does each part cost, in
# multiply-adds, in parameters, in memory? All of it is arithmetic: nothing here runs a network.

# %%
from IPython.display import Markdown
from showing import show, slide

from analysis.arch import parse_variant, preset, unroll
from analysis.cost import count, operation_cost
from analysis.render.draw_blocks import blocks_figure, kinds
from analysis.render.draw_strip import strip_figure
from analysis.render.style import style
from analysis.render.table import Table

# %% [markdown]
# ## The network as a strip
#
# Height is the number of channels, colour the resolution, and below is what each block costs.

# %%
network = unroll(preset("imagenet"))
with style(columns=2, aspect=0.62):
    figure = strip_figure(network, "MobileNetV2")
show(figure)

# %% [markdown]
# ## Inside the blocks
#
# Narrow at both ends, wide in the middle. The shortcut joins the narrow ends. The last convolution has no
# non-linearity after it.

# %%
with style():
    figure = blocks_figure(kinds(network))
show(figure)

# %% [markdown]
# ## One block, operation by operation
#
# Nearly all multiply-adds are in the two 1 x 1 convolutions. The depthwise one, which does all of the seeing, is
# cheap: that is what separable convolutions are for.

# %%
block = next(block for block in network.blocks if block.name == "bottleneck5")
rows = [
    (op.name, "x".join(map(str, op.shape)), (cost := operation_cost(op)).madds, cost.weights, cost.elements)
    for op in block.operations()
]
Markdown(Table("bottleneck5", ("operation", "makes", "multiply-adds", "weights", "elements"), rows).markdown())

# %% [markdown]
# ## Move the sliders: width and expansion
#
# Width multiplies the channels of every layer, so cost grows with its square. Expansion changes only the inside of the
# blocks, so cost grows in proportion.


# %%
def cost(width, expansion):
    """What the network costs at a width and an expansion."""
    c = count(unroll(preset("imagenet", width=width, expansion=expansion)))
    return Markdown(
        f"width **{width:g}**, expansion **{expansion:g}**: **{c.madds / 1e6:,.1f} M** multiply-adds, "
        f"**{c.params / 1e6:,.2f} M** parameters"
    )


slide(cost, width=[0.35, 0.5, 0.75, 1.0, 1.3, 1.4], expansion=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10])

# %% [markdown]
# ## Its rivals at their published sizes
#
# One function counts every family, because every family unrolls to the same kind of plan.

# %%
families = ("mobilenet_v2()", "mobilenet_v1()", "shufflenet_v1(groups=3, width=2.0)", "plain()")
counts = {name: count(unroll(parse_variant(name))) for name in families}
table = Table(
    "For one image of 224 x 224 pixels",
    ("network", "multiply-adds", "parameters", "elements of activations"),
    [(name, c.madds, c.params, c.elements) for name, c in counts.items()],
)
Markdown(table.markdown())

# %% [markdown]
# ## What to take away
#
# - The first row above is exact to the unit. The paper rounds its multiply-adds to 300M, and prints 3.4M parameters,
#   which they do not round to.
# - Other tools print other numbers for the same network, since they count norms, biases or pooling too.
#   `mnv2 crosscheck` explains each of them to the last multiply-add.
# - Some numbers printed in the paper do not follow from the architecture: `results/AUDIT.md`.
