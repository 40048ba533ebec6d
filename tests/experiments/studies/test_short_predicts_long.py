"""The networks of the study: one from each group of equal size, the same at every import."""

from experiments.studies.short_predicts_long import ACCURACIES, KEYS, STUDY, drawn


def test_networks_are_drawn_one_from_each_group_of_equal_size():
    ordered = sorted(ACCURACIES, key=lambda key: (ACCURACIES[key], key))
    assert len(ordered) == 3969
    places = [ordered.index(key) for key in KEYS]
    starts = [len(ordered) * i // len(KEYS) for i in range(len(KEYS) + 1)]
    assert all(low <= place < high for low, place, high in zip(starts, places, starts[1:], strict=False))
    assert drawn(ACCURACIES, seed=1) != KEYS == drawn(ACCURACIES)


def test_every_second_one_is_trained_for_three_epochs_as_well():
    epochs = [made.epochs for made in STUDY.recipes.values()]
    assert (epochs.count(1), epochs.count(3), len(epochs)) == (40, 20, 60)
    assert STUDY.lines["3 epochs"][0] == f"{KEYS[0]}, 3 epochs"
