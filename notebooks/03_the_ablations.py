# %% [markdown]
# # 3. What does each part of the block buy?
#
# Take a part away, train again, look at the difference: that is an ablation. The difficulty is chance. The same
# network, trained twice from other random numbers, ends a point or two apart. So every arm is trained with several
# seeds, differences are taken seed by seed, and the rule for the verdict is written down before the runs.
#
# This notebook trains nothing. It reads the runs that are stored in `results/trials`.

# %%
from pathlib import Path

from IPython.display import Markdown, display
from showing import show

from analysis.render.arms import arms_figure, arms_table
from analysis.render.curves import curves_figure
from analysis.render.style import style
from analysis.stats import paired_difference
from analysis.trials import Store
from experiments.answers.collect import stored_arms
from experiments.answers.conditions import Conditions
from experiments.answers.plan import plan_table
from experiments.answers.study import judged
from experiments.studies.registry import find_study

RECORDS, _ = Store(Path("../results/trials")).records()
print(len(RECORDS), "runs")


def answer(name):
    """A study with the arms that have runs, and the conditions of these runs in words."""
    study = find_study(name)
    recipe = study.training()
    arms, notes = stored_arms(study, recipe, study.dataset, RECORDS, study.seeds)
    return study, [arm for arm in arms if arm.runs], Conditions(study.dataset, notes, recipe).text


# %% [markdown]
# ## Does a non-linearity in the bottleneck hurt?
#
# Each dot is a run. Grey lines join runs of one seed, which saw the same images in the same order.

# %%
study, arms, where = answer("linear-bottleneck")
with style(columns=2, aspect=0.45):
    figure = arms_figure(arms, f"{study.question}\n{where}")
show(figure)

# %% [markdown]
# Below every arm is its difference to the first one with a 95 % interval. If the interval holds 0, the runs do not
# show a difference. That is not the same as showing that there is none.
#
# ## Why pairs?
#
# The seed fixes the batches, so part of the luck is shared and falls out of the difference. How much, the correlation
# says. Where it is near 0, pairing buys nothing, and costs little.

# %%
linear, relu6 = arms[0], next(arm for arm in arms if arm.name == "relu6")
d = paired_difference(linear.runs, relu6.runs, ("linear", "relu6"))
print(f"{d.label}: {d.mean:.2f} [{d.low:.2f}, {d.high:.2f}], n = {d.n}, correlation {d.correlation:.2f}")

# %% [markdown]
# ## The verdicts, part by part

# %%
for claim, parts in judged(study, arms):
    for part in parts:
        display(Markdown(f"`{claim.id}`: **{part.finding}**. {part.reason}. Rule: {part.rule.sentence}."))

# %% [markdown]
# ## Where should the shortcut go?

# %%
study, arms, where = answer("shortcut-placement")
Markdown(arms_table(study.question, arms, (where,)).markdown())

# %% [markdown]
# ## How wide, and how far to expand?
#
# Two choices that the paper calls capacity and expressiveness.

# %%
study, arms, where = answer("capacity-expressiveness")
named = {arm.name: arm for arm in arms}
lines = {line: [named[name] for name in names if name in named] for line, names in study.lines.items()}
with style(columns=1.6, aspect=0.6):
    figure = curves_figure({line: each for line, each in lines.items() if each}, study.x, f"{study.question}\n{where}")
show(figure)

# %% [markdown]
# ## How many seeds would a smaller difference need?

# %%
study = find_study("linear-bottleneck")
Markdown(plan_table(study, study.training(), study.dataset, RECORDS, 1.0).markdown())

# %% [markdown]
# ## What to take away
#
# - Linear bottlenecks and shortcuts between bottlenecks earn their place, by several points, at this budget.
# - Several smaller statements of the paper stay undecided: five seeds and one epoch cannot decide them.
# - Every study has a document of its own below `experiments/studies/`, with what came out and what it does not show.
