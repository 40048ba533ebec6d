"""A Study: a question, the arms that answer it, the recipe and the seeds to train them with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from analysis.arch import Variant, unroll
from analysis.arch.text import known
from analysis.cost.budget import QUANTITIES, solve
from analysis.problem import Problem
from analysis.tasks.recipes import AnyRecipe, recipe

if TYPE_CHECKING:
    from analysis.trials import Record


@dataclass(frozen=True)
class Study:
    """A question put to networks. Trials are shared: an arm that two studies have is trained once.

    - `arms`: variants by the name they have in this study; the first is the baseline.
    - `source`: section or figure of the paper that asks.
    - `recipe`: name of the recipe that answers it. `dataset`: the data set that it is asked on.
    - `seeds`: of each arm; a seed gives every arm the same data order, so that differences are paired.
    - `looks`: whether the seeds are taken in looks, in their order, until all that the study asks is decided
      (`analysis.stats.following`). `seeds` is then the most.
    - `rules`: the study whose registered claims judge it; without, its own.
    - `fresh`: first seeds of the repetitions on seeds that nobody had seen (`--fresh-seeds`) whose answers are kept.
    - `beside`: further pairs (a, b) of arms whose difference a - b the answer states besides those to the baseline.
    - `asked`: what `mnv2 study run` takes where that is not the name: a file of your own, or a name with `--at-equal`.
    - `x`, `lines`: what a figure has on its horizontal axis, an axis of the variants ("expansion") or a count
      ("madds"), and the arms that each of its lines joins; without, the arms are drawn side by side.
    - `published`: curves of (x, accuracy in percent) that others printed, by name, drawn next to ours. `published_by`:
      whose they are.
    - `readings`: what each run is read for where it has several scores (precisions, say), by name, with the place of
      each on the axis, which `x` then names in words. Then the study compares "ARM, READING" for each arm and reading.

    - `order`: scores in percent that others published for the networks of the arms, after longer training say. Then the
      answer is how well the order of our scores follows theirs, for each of `lines`, and no difference between arms.
      `order_by`: whose scores they are.
    - `chooses`: of each of `lines` the network and the budget, by name, where the study chooses the value of `x`, a
      field of recipes, for what follows. Then its runs are compared by the images held out from the training images,
      never by the test images.
    - `recipes`: recipes of single arms instead of `recipe`. Two arms may then have one variant, and `x` may name a
      field of recipes ("epochs", "peak_rate"); `crossed` makes such arms.

    Raises:
        Problem: nothing to compare (one arm without readings), two arms of one variant and one recipe, recipes of
            several tasks, no seeds, a pair or a line of unknown arms, or published scores of other arms than all.
    """

    name: str
    question: str
    arms: Mapping[str, Variant]
    source: str = "your own question"
    recipe: str = "brief"
    dataset: str = "cifar10"
    seeds: Sequence[int] = (0, 1, 2, 3, 4)
    looks: bool = False
    rules: str = ""
    fresh: Sequence[int] = ()
    beside: Sequence[tuple[str, str]] = ()
    x: str = ""
    lines: Mapping[str, Sequence[str]] = field(default_factory=dict)
    asked: str = ""
    published: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)
    published_by: str = ""
    readings: Mapping[str, float] = field(default_factory=dict)
    recipes: Mapping[str, AnyRecipe] = field(default_factory=dict)
    order: Mapping[str, float] = field(default_factory=dict)
    order_by: str = ""
    chooses: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if strangers := sorted(set(self.recipes) - set(self.arms)):
            raise Problem(f"study {self.name!r} has recipes for arms that it has not: {', '.join(strangers)}")
        if len({(variant, self.recipes.get(arm)) for arm, variant in self.arms.items()}) < len(self.arms):
            raise Problem(f"study {self.name!r} has two arms of one variant and one recipe: leave one out")
        if len(self.names) < 2:
            raise Problem(f"study {self.name!r} needs at least two arms to compare")
        if len(metrics := {made.metric for made in self.recipes.values()}) > 1:
            raise Problem(f"study {self.name!r} compares {' with '.join(sorted(metrics))}: give all arms one task")
        if not self.seeds:
            raise Problem(f"study {self.name!r} needs at least one seed")
        named = {name for group in (*self.beside, *self.lines.values()) for name in group}
        if strangers := sorted(named - set(self.names)):
            raise Problem(f"study {self.name!r} speaks of arms that it has not: {', '.join(strangers)}")
        if bool(self.x) != bool(self.lines):
            raise Problem(f"study {self.name!r}: `x` and `lines` go together")
        if self.order and (set(self.order) != set(self.names) or not self.lines):
            raise Problem(f"study {self.name!r}: `order` has a score for each arm, and `lines` say which are compared")
        if self.chooses and not (self.recipes and set(self.chooses) == set(self.lines)):
            raise Problem(
                f"study {self.name!r} chooses a value of `x`: its arms need `recipes`, and `chooses` names the network "
                "and the budget of each of `lines`"
            )

    @property
    def names(self) -> tuple[str, ...]:
        """What is compared, by name: the arms, or each arm with each reading."""
        if not self.readings:
            return tuple(self.arms)
        return tuple(read_as(arm, reading) for arm in self.arms for reading in self.readings)

    @property
    def command(self) -> str:
        """What runs it, before further options."""
        return f"mnv2 study run {self.asked or self.name}"

    def seeds_from(self, first: int) -> tuple[int, ...]:
        """As many seeds as the study has, from `first` on."""
        return tuple(range(first, first + len(self.seeds)))

    def training(self, name: str | None = None) -> AnyRecipe:
        """The study's own recipe, or the one called `name`. Arms with a recipe of their own keep it."""
        return recipe(name or self.recipe)

    def recipe_of(self, arm: str, common: AnyRecipe) -> AnyRecipe:
        """The recipe that an arm is trained with: its own, or else the `common` one."""
        return self.recipes.get(arm, common)

    @property
    def varied(self) -> str:
        """The field that the recipes of the arms differ in; "" where all arms have one recipe."""
        return self.x if self.recipes else ""

    def place(self, arm: str, common: AnyRecipe) -> float | None:
        """Where an arm lies on the axis `x` if that is a field of recipes, such as "epochs"; None otherwise."""
        return getattr(self.recipe_of(arm, common), self.varied, None) if self.varied else None


def read_as(arm: str, reading: str) -> str:
    """Name of an arm with one of its readings."""
    return f"{arm}, {reading}"


def crossed(arms: Mapping[str, Variant], recipes: Iterable[AnyRecipe], x: str) -> dict[str, Any]:
    """Fields of a Study that trains each of `arms` with each of `recipes`, which differ in their field `x`.

    It compares the arms at each value with the first arm there, and draws a line for each arm. Use it as
    `Study(name=..., question=..., **crossed(...))`.
    """
    values = {getattr(each, x): each for each in recipes}

    def called(arm: str, value: float) -> str:
        return f"{arm}, {x} {value:g}"

    first, *others = arms
    return {
        "arms": {called(arm, value): variant for arm, variant in arms.items() for value in values},
        "recipes": {called(arm, value): made for arm in arms for value, made in values.items()},
        "x": x,
        "lines": {arm: [called(arm, value) for value in sorted(values)] for arm in arms},
        "beside": [(called(arm, value), called(first, value)) for value in sorted(values) for arm in others],
    }


def at_equal(study: Study, quantity: str) -> Study:
    """The same question with every arm but the first at the width at which its cost is closest to the first's.

    `quantity`: "madds", "params" or "memory".

    Raises:
        Problem: an unknown quantity, or an arm that no width brings there.
    """
    first, *others = study.arms
    arms = {name: like(study.arms[name], study.arms[first], quantity) for name in others}
    name, asked = f"{study.name}-equal-{quantity}", f"{study.asked or study.name} --at-equal {quantity}"
    return replace(study, name=name, arms={first: study.arms[first], **arms}, asked=asked)


def like(variant: Variant, model: Variant, quantity: str = "madds") -> Variant:
    """`variant` at the width at which its cost is closest to that of `model`.

    Raises:
        Problem: as `analysis.cost.budget.solve`.
    """
    measure = QUANTITIES[known(quantity, QUANTITIES, "quantity")]
    return solve(variant, quantity, measure(unroll(model)))


def until_decided(study: Study, most: int) -> Study:
    """The same question with its seeds in looks, from its first one on, at most `most` of each arm.

    Raises:
        Problem: fewer than two seeds, which show no spread.
    """
    if most < 2:
        raise Problem(f"at most {most} seeds of each arm: at least two show how much runs vary")
    seeds = tuple(range(study.seeds[0], study.seeds[0] + most))
    if study.looks:
        return replace(study, seeds=seeds)
    name, asked = f"{study.name}-until-decided", f"{study.asked or study.name} --until-decided"
    return replace(study, name=name, asked=asked, seeds=seeds, looks=True, rules=study.rules or study.name)


def copy_of(study: Study, recipe: AnyRecipe, dataset: str, records: Iterable["Record"], seeds: Sequence[int]) -> str:
    """Digest of the copy of the data set that answers a study: the one on which most arms have runs, of several such
    the one without a note ("JPEG copy"), then the one with most runs. Without runs of the study it is the copy with
    most, and "" where nothing has run on the data set.
    """
    on = [record for record in records if record.trial.dataset == dataset]
    wanted = {(variant.text, study.recipe_of(arm, recipe).text) for arm, variant in study.arms.items()}
    mine = [r for r in on if (r.trial.variant, r.trial.recipe) in wanted and r.trial.seed in seeds]
    by_digest: dict[str, list[Record]] = {}
    for record in mine or on:
        by_digest.setdefault(record.trial.digest, []).append(record)

    def worth(digest: str) -> tuple[int, bool, int]:
        runs = by_digest[digest]
        arms = {(r.trial.variant, r.trial.recipe) for r in runs} if mine else set()
        return len(arms), not any(r.note for r in runs), len(runs)

    return max(by_digest, key=worth, default="")


def fresh(first: int) -> str:
    """What the files of an answer from fresh seeds have at the end of their names."""
    return f"-seeds-{first}"
