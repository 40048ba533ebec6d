# %% [markdown]
# # 4. Accuracy against multiply-adds: what is worth its price?
#
# Every change to a network changes what it costs. So the question is never whether a wider network is better, but
# whether it is better than everything else of its price. The networks that nothing beats are the Pareto front.

# %%
from pathlib import Path

from IPython.display import Markdown
from showing import show

from analysis.render.curves import curves_figure
from analysis.render.style import style
from analysis.render.table import Table
from analysis.stats import Candidate, pareto_front
from analysis.trials import Store
from experiments.answers.collect import stored_arms
from experiments.answers.conditions import Conditions
from experiments.page.scatters import tradeoff_figure
from experiments.page.tradeoff import points
from experiments.studies.registry import find_study

RECORDS, _ = Store(Path("../results/trials")).records()
FOUND = points(RECORDS)
print(len(FOUND), "networks with runs")

# %% [markdown]
# ## Every network that was trained

# %%
with style(columns=2, aspect=0.55):
    figure = tradeoff_figure(FOUND)
show(figure)

# %% [markdown]
# ## Widths and resolutions
#
# Two ways to make a network cheaper: fewer channels, or smaller images. Which of them should one take?

# %%
study = find_study("width-resolution")
recipe = study.training()
arms, notes = stored_arms(study, recipe, study.dataset, RECORDS, study.seeds)
named = {arm.name: arm for arm in arms if arm.runs}
lines = {line: [named[name] for name in names if name in named] for line, names in study.lines.items()}
where = Conditions(study.dataset, notes, recipe).text
with style(columns=1.6, aspect=0.6):
    figure = curves_figure({line: each for line, each in lines.items() if each}, "madds", f"{study.question}\n{where}")
show(figure)

# %% [markdown]
# ## How sure is the front?
#
# With five runs a mean is only known to within a point or so. Drawing the true means from what the runs say, and
# taking the front of each draw, gives the probability that a network is really on it.

# %%
candidates = [Candidate(arm.name, arm.cost.madds, arm.runs) for arm in named.values() if len(arm.runs) > 1]
rows = [
    (place.name, named[place.name].cost.madds, named[place.name].estimate.mean, place.probability)
    for place in pareto_front(candidates)
]
Markdown(Table("Width at resolution", ("network", "multiply-adds", "accuracy %", "on front"), rows).markdown())

# %% [markdown]
# ## What to take away
#
# - A doubling of the multiply-adds buys some two and a half points here, over more than five doublings.
# - At small budgets a wider network on smaller images beats a narrow one on large images.
# - The page `results/report.html` has this chart with every point to be pointed at, and the published ImageNet points
#   next to it.
