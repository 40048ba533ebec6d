# %% [markdown]
# # 6. Your own question
#
# You have an idea: another kernel, fewer blocks, a different place for the width. What does it buy? This notebook goes
# from the idea to a study that can be run, checks what it will cost before a single step is trained, and says how many
# seeds it needs.

# %%
from IPython.display import Markdown
from showing import show

from analysis.arch import label, preset, unroll
from analysis.cost import count
from analysis.data.cifar import load_dataset
from analysis.render.draw_strip import strip_figure
from analysis.render.style import style
from analysis.render.table import Table
from analysis.stats import seeds_needed
from analysis.trials.forecast import forecast, trial_madds
from analysis.trials.rate import measured_rate
from experiments.answers.collect import trials_of
from experiments.study import Study, at_equal

# %% [markdown]
# ## An idea is a variant
#
# The network that the studies use has 14 blocks in three stages. Would fewer, wider blocks do as well?

# %%
few = preset("brief", rounding=1, rows=((6, 8, 1, 1), (6, 16, 2, 2), (6, 16, 2, 2)))
with style(columns=2, aspect=0.62):
    figure = strip_figure(unroll(few), label(few))
show(figure)

# %% [markdown]
# A typo is not quietly ignored:

# %%
try:
    preset("brief", kernal=5)
except Exception as problem:
    print(problem)

# %% [markdown]
# ## A study compares it with the baseline, at equal cost
#
# Fewer blocks are cheaper, so the comparison would be unfair. `at_equal` widens every arm until it costs what the
# first one does.

# %%
study = Study("few-and-wide", "Are fewer, wider blocks as good?", {"brief": preset("brief"), "few blocks": few})
fair = at_equal(study, "madds")
rows = [
    (name, label(variant), (cost := count(unroll(variant))).madds, cost.params) for name, variant in fair.arms.items()
]
Markdown(Table("At equal multiply-adds", ("arm", "variant", "multiply-adds", "parameters"), rows).markdown())

# %% [markdown]
# ## How many seeds?
#
# Differences between two such networks vary from seed to seed by about a point. That spread says how many seeds show a
# difference of a given size, four times in five.

# %%
rows = [(size, *(seeds_needed(size, sd) for sd in (0.5, 1.0, 1.5))) for size in (0.5, 1.0, 2.0, 3.0)]
Markdown(Table("Seeds", ("difference in points", "sd 0.5", "sd 1.0", "sd 1.5"), rows, digits=1).markdown())

# %% [markdown]
# ## How long will it take?
#
# A few training steps, timed here and now on generated images of CIFAR's size, give the rate of this machine. `mnv2
# study run` makes the same forecast on the real images before it starts.

# %%
trials = trials_of(fair, fair.training(), "cifar10", "0" * 64, fair.seeds)
rate = measured_rate(trials[0], load_dataset("synthetic", train=6_000, test=500), "eager", steps=8)
seconds = [trial_madds(trial, 50_000) / rate for trial in trials]
print(f"{len(trials)} trials with torch's operators, two side by side: {forecast(seconds, jobs=2) / 60:.0f} minutes")

# %% [markdown]
# ## Run it
#
# Put the study into a file and run it. It comes back with a table, a figure and statistics. A run that is interrupted
# goes on where it was.
#
# ```python
# # my_study.py
# from analysis.arch import preset
# from experiments.study import Study
#
# STUDY = Study(
#     name="few-and-wide",
#     question="Are fewer, wider blocks as good?",
#     arms={
#         "brief": preset("brief"),
#         "few blocks": preset("brief", rounding=1, rows=((6, 8, 1, 1), (6, 16, 2, 2), (6, 16, 2, 2))),
#     },
# )
# ```
#
# ```
# mnv2 study run my_study.py --at-equal madds
# ```
#
# ## What to take away
#
# - Decide the rule and the number of seeds before you look.
# - Compare at equal cost.
# - Say what your budget cannot show.
