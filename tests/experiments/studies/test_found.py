"""Every number in a study's text is read from the stored results or belongs to the study's design."""

import importlib
import re
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.problem import Problem
from analysis.trials import Record, Store, Trial
from experiments.studies.found import REFERENCE, filled, found, found_or_why_not
from experiments.studies.headline import STUDY as HEADLINE
from experiments.studies.registry import STUDIES, find_study

FIXED = replace(HEADLINE, looks=False, seeds=range(5))
RESULTS = Path(__file__).parents[3] / "results"
NUMBER = re.compile(r"(?<![\w.])(?<![A-Za-z]-)\d+(?:[.,]\d+)*(?!\w|[.,]\d)")  # not those of CIFAR-10, ReLU6, Figure 6a
PLACE = re.compile(r"\b(?:sections?|Figures?|Tables?)\s+[\d.]+(?:(?:,|\s+and|,\s+Figure)\s+[\d.]+)*", re.IGNORECASE)
RESULT = re.compile(r"\s*(?:points?\b|percent\b|%|\[)")  # follows what was measured, never what was designed
# What a study's text says of its design, of its data or of the paper, and its definition does not hold.
DESIGN = {
    "headline": ["100", "3"],  # --fresh-seeds; M multiply-adds
    "linear-bottleneck": ["3"],
    "shortcut-placement": ["14", "8"],  # blocks
    "last-layer-width": ["160"],  # channels
    "kernel-activation": ["1.4"],  # a width of the study width-resolution
    "expansion-ratio": ["7"],  # M multiply-adds
    "width-resolution": ["96", "224"],  # pixels of Figure 5
    "families": ["3.5"],  # percent of multiply-adds
    "low-precision": ["0", "500"],  # ReLU6's least, images
    "short-predicts-long": ["2103.11922", "3,969", "50", "0.5"],  # the paper of the benchmark, its networks, a rule
    "learning-rate": ["0.1", "5"],  # the rate of other recipes
    **{f"budget-{n}": ["1", "3", "6", "10", "30", "100", "20", "12", "8", "5"] for n in (1, 3, 10, 30, 100)},
    "cifar-preset": ["3", "200", "15.6"],  # M multiply-adds of the other studies; epochs of the literature
    "why-shortcuts": ["14", "1312.6120", "1706.02677", "1901.09321"],  # blocks, papers of initialisations
    "successors": ["1709.01507", "1807.11626", "1905.02244", "2104.00298", "2404.10518", "2206.04040", "1"],
    "ten-epochs": ["200"],  # epochs of the recipe full
    "ssd-heads": ["205", "87"],  # pictures
    "segmentation-heads": ["367", "101"],  # pictures
    "segmentation-long": ["101", "17", "30"],  # pictures; times the multiply-adds of a pass; epochs of others
}


def numbers(text: str, allowed: set[str]) -> list[str]:
    """Numbers of `text` that are not `allowed`, or that are followed by what only results are."""
    text = PLACE.sub(" ", text)
    return [m[0] for m in NUMBER.finditer(text) if m[0] not in allowed or RESULT.match(text, m.end())]


def defined(name: str) -> set[str]:
    """Numbers of a study's definition and recipe, as they are written."""
    study = find_study(name)
    texts = [*map(str, (study.arms, study.readings, study.seeds)), study.training().text]
    found = re.findall(r"\d+(?:\.\d+)?", " ".join(texts))
    return {*found, *(each.removesuffix(".0") for each in found)}


@pytest.mark.parametrize("name", STUDIES)
def test_every_reference_of_a_study_is_found_in_the_results(name):
    text = found(name, RESULTS)
    if not list((RESULTS / "tables").glob(f"{name}-cifar10-*")) and find_study(name).dataset == "cifar10":
        assert text == ""  # registered, and not run yet
        return
    assert "{" not in text and "nan" not in text and "inf]" not in text
    assert len(text) > 200


@pytest.mark.parametrize("name", STUDIES)
def test_no_number_of_a_result_is_typed_by_hand(name):
    module = importlib.import_module(STUDIES[name])
    known = defined(name)
    outside = [each for each in numbers(module.__doc__, known) if each not in DESIGN.get(name, [])]
    assert outside == []
    assert numbers(REFERENCE.sub(" ", getattr(module, "FOUND", "")), known | {*DESIGN.get(name, [])}) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It costs 6.9 points", 1),
        ("[-1.5, 0.7]", 2),
        ("factor 6 costs 6 points", 1),
        ("CIFAR-10, ReLU6, section 3.2, Tables 5 and 6, Figure 6a", 0),
        ("sections 3.2 and 6.4, Figure 6b", 0),
    ],
)
def test_numbers_are_seen(text, count):
    assert len(numbers(text, {"6"})) == count


@pytest.fixture
def made(tmp_path):
    """Results with runs of two arms of the headline, and a table of them."""
    store = Store(tmp_path / "trials")
    right = {"linear": (50, 51, 52, 53, 54), "relu6": (44, 44, 45, 46, 46)}
    for arm, counts in right.items():
        for seed, correct in enumerate(counts):
            trial = Trial(HEADLINE.arms[arm].text, HEADLINE.training().text, "cifar10", "d", seed)
            store.write(Record(trial, "finished", {"test_correct": correct, "test_images": 100}))
    stray = Trial(HEADLINE.arms["linear"].text, HEADLINE.training().text, "cifar10", "another copy", 0)
    store.write(Record(stray, "finished", {"test_correct": 99, "test_images": 100}))
    (tmp_path / "tables").mkdir()
    table = "arm,MAdds,AP %,p\nlinear,3000000,50.04,0.0123\nrelu6,1500000,4.96,1.0\n"
    (tmp_path / "tables" / "headline-cifar10-brief.csv").write_text(table)
    return tmp_path


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("linear | mean", "52.0"),
        ("linear", "52.0 [50.0, 54.0]"),
        ("relu6 - linear", "-7.0 [-7.9, -6.1]"),
        ("linear - relu6 | low", "6.1"),
        ("linear -\nrelu6 | mean", "7.0"),
        ("linear; relu6 | mean", "52.0 and 45.0"),
        ("linear; relu6; linear | mean", "52.0, 45.0 and 52.0"),
        ("linear; relu6 | mean | range", "45.0 to 52.0"),
        ("linear; relu6 | mean | lowest", "45.0"),
        ("linear; relu6 | mean | highest", "52.0"),
        ("linear | MAdds", "3,000,000"),
        ("linear / relu6 | MAdds", "2.00"),
        ("linear; relu6 | AP %", "50.0 and 5.0"),
        ("linear | p", "0.012"),
        ("headline: linear | mean", "52.0"),
        ("linear - linear | mean", "0.0"),
    ],
)
def test_a_reference_is_read(made, reference, said):
    assert filled(f"A {{{reference}}} B", FIXED, made) == f"A {said} B"


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("relu - linear", "'relu'"),
        ("linear | speed", "'speed'"),
        ("headline, seeds 100: linear", "'linear'"),
        ("linear + relu6", "weights"),
        ("linear | mean | widest", "'widest'"),
    ],
)
def test_what_is_not_there_is_one_line_that_names_study_and_reference(made, reference, why):
    with pytest.raises(Problem, match=f"study headline, .*{re.escape(reference)}.*{why}.*mnv2 study run headline") as e:
        filled(f"{{{reference}}}", FIXED, made)
    assert "\n" not in str(e.value)


def test_a_study_that_has_not_run_says_so_and_one_without_a_text_says_nothing(tmp_path):
    assert found_or_why_not("headline", tmp_path).startswith("What came out is not shown: study headline")
    assert found("my_study.py", tmp_path) == ""


def test_a_diverged_run_is_left_out_of_the_mean(made):
    trial = Trial(HEADLINE.arms["linear"].text, HEADLINE.training().text, "cifar10", "d", 4)
    Store(made / "trials").write(Record(trial, "diverged"))
    assert filled("{linear | mean}", FIXED, made) == "51.5"


def test_half_a_study_says_nothing(made):
    assert filled("{linear | mean}", replace(FIXED, seeds=(0, 1)), made) == "50.5"
    with pytest.raises(Problem, match="'linear' has 5 of 6 runs"):
        filled("{linear | mean}", replace(FIXED, seeds=range(6)), made)


def test_differences_of_a_study_in_looks_are_those_of_its_table(made):
    table = "arm,difference,from,to,seeds\nlinear,,,,\nrelu6,-7.5,-9.0,-6.25,3\n"
    (made / "tables" / "headline-cifar10-brief.csv").write_text(table)
    assert filled("{linear - relu6}", HEADLINE, made) == "7.5 [6.2, 9.0]"
    assert filled("{linear | mean}", HEADLINE, made) == "52.0"  # of the runs that there are
    with pytest.raises(Problem, match="a study in looks has its parts, and differences of linear to an arm"):
        filled("{relu6 - linear}", HEADLINE, made)
    parts = "part,seeds,difference,from,to,so far\nlinear - no shortcut,4,13.25,12.0,14.5,supported\n"
    (made / "tables" / "headline-cifar10-brief-parts.csv").write_text(parts)
    assert filled("{linear - no shortcut}, {linear - no shortcut | low}", HEADLINE, made) == "13.2 [12.0, 14.5], 12.0"


def test_arms_of_one_variant_are_kept_apart_by_their_recipes(tmp_path):
    study = replace(find_study("why-shortcuts"), looks=False, seeds=(0, 1))
    store = Store(tmp_path / "trials")
    for i, (arm, variant) in enumerate(study.arms.items()):
        for seed in study.seeds:
            recipe = study.recipe_of(arm, study.training())
            trial = Trial(variant.text, recipe.text, "cifar10", "0" * 64, seed)
            store.write(Record(trial, "finished", {"test_correct": 40 + i, "test_images": 100}, "", {}))
    assert filled("{bottleneck | mean}, {none, zero | mean}", study, tmp_path) == "40.0, 45.0"


def test_tables_whose_rows_are_no_arms_are_read_by_their_first_column(tmp_path):
    (tmp_path / "tables").mkdir()
    for suffix, text in (
        ("", "ordered by,tau\n1 epoch,0.613\n"),
        ("-pairs", "gap in points,1 epoch %\n0 to 0.25,57.25\n"),
    ):
        (tmp_path / "tables" / f"short-predicts-long-cifar10-epochs{suffix}.csv").write_text(text)
    said = filled("{1 epoch | tau}, {0 to 0.25 | 1 epoch %}", find_study("short-predicts-long"), tmp_path)
    assert said == "0.61, 57.2"
