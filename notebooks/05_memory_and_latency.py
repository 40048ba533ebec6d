# %% [markdown]
# # 5. Memory and latency: does a cheap network run cheaply?
#
# Multiply-adds are arithmetic. A device has two other limits: how many bytes must be alive at once, and how long an
# image takes. MobileNetV2's block was designed with the first in mind: the wide tensor inside can be thrown away, or
# never be made whole.

# %%
from pathlib import Path

from IPython.display import Markdown
from showing import show, slide

from analysis.arch import preset, unroll
from analysis.cost.memory import least_memory, memory
from analysis.render.style import style
from analysis.render.table import Table
from experiments.measurements.latency import rows as latency
from experiments.measurements.latency.view import figure as latency_figure
from experiments.measurements.memory.view import timeline_figure
from experiments.measurements.splitting import rows as splitting
from experiments.measurements.splitting.view import figure as splitting_figure

PLAN = unroll(preset("imagenet"))

# %% [markdown]
# ## Bytes alive, operation by operation
#
# At each operation its input, its output and whatever waits for a later addition are alive. The highest moment is what
# the device must have.

# %%
schedules = {
    "as torch runs it": memory(PLAN, "eager"),
    "norms folded into convolutions": memory(PLAN, "folded"),
    "each block one operation": memory(PLAN, "block"),
}
with style(columns=2, aspect=0.5):
    figure = timeline_figure(schedules, "MobileNetV2 at 224 x 224, 32 bit")
show(figure)

# %% [markdown]
# ## Move the slider: split the wide tensor g ways
#
# The wide tensor is filtered channel by channel, so a block is a sum over groups of its channels, and only one group
# need be alive at a time.


# %%
def split(ways):
    """The peak of MobileNetV2 with its inner tensors split."""
    peak, least = memory(PLAN, "split", ways=ways).peak, least_memory(PLAN, "split", ways=ways).peak
    return Markdown(
        f"**{ways}** ways: **{peak.bytes / 1e6:.2f} MB** at the peak, in `{peak.name}`; "
        f"in the best order of execution {least.bytes / 1e6:.2f} MB"
    )


slide(split, ways=[1, 2, 3, 4, 5, 6, 8])

# %% [markdown]
# ## What does splitting cost in time?
#
# The same network, really run g ways on one core: much less memory at first, then ever more time for almost
# nothing.

# %%
(split_here,) = splitting.stored(Path("../results"))
with style(columns=2, aspect=0.4):
    figure = splitting_figure(split_here)
show(figure)

# %% [markdown]
# ## Does latency follow multiply-adds?
#
# The 22 networks that the authors published, timed here on one core, next to the times that they published for a phone.

# %%
timed = latency.stored(Path("../results"))[0]
with style(columns=2, aspect=0.45):
    figure = latency_figure(timed)
show(figure)

# %%
rows = [
    (runtime, quantity, c.value, c.low, c.high)
    for runtime in timed.runtimes
    for quantity, c in latency.correlations(timed, runtime).items()
]
Markdown(Table("Rank correlation of latency", ("runtime", "with", "Spearman", "low", "high"), rows).markdown())

# %% [markdown]
# ## What to take away
#
# - The peak is inside the second block, where the images are still large. Folding norms does not lower it. Taking
#   each block as one operation, so that its wide tensor need never be whole, would lower it more than fourfold.
# - Two to four ways save most of what splitting can save. Every way more costs time here, and beyond five saves little.
# - Within the family latency follows multiply-adds closely, in torch and in ONNX Runtime.
