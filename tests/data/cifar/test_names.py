"""Names of classes as other copies spell them; another data set does not pass for CIFAR."""

import pytest

from analysis.data.cifar.catalog import CATALOG
from analysis.data.cifar.names import check_names, label_of
from analysis.problem import Problem

TEN, HUNDRED = CATALOG["cifar10"].classes, CATALOG["cifar100"].classes


@pytest.mark.parametrize(
    ("name", "label"), [("airplane", 0), ("Airplane ", 0), ("plane", 0), ("CAR", 1), ("automobile", 1), ("truck", 9)]
)
def test_a_class_is_known_by_what_people_call_it(name, label):
    assert label_of(name, TEN) == label


@pytest.mark.parametrize("name", ["monkey", "0", "d", "tr", "", "cats and dogs"])
def test_another_name_is_of_no_class(name):
    assert label_of(name, TEN) is None


@pytest.mark.parametrize(
    ("name", "whole"),
    [("maple", "maple_tree"), ("Aquarium Fish", "aquarium_fish"), ("lawn-mower", "lawn_mower"), ("cra", "crab")],
)
def test_shorter_and_other_spellings_are_known(name, whole):
    assert HUNDRED[label_of(name, HUNDRED)] == whole


def test_names_in_the_order_of_the_labels_pass():
    check_names(TEN, TEN, "a")
    check_names(["plane", "car", *TEN[2:]], TEN, "a")
    check_names(["cra" if name == "crab" else name for name in HUNDRED], HUNDRED, "a")


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([str(digit) for digit in range(10)], "calls class 0 '0', not 'airplane'"),
        ([*TEN[1:], TEN[0]], "calls class 0 'automobile'"),
        (["airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck"], "calls class 1 'bird'"),
        (TEN[:9], "has 9 classes, not 10"),
    ],
)
def test_other_names_or_another_order_are_refused(names, words):
    with pytest.raises(Problem, match=f"there {words}.*is it another data set"):
        check_names(names, TEN, "there")
