"""Fixed facts about the data sets."""

from typing import NamedTuple

SIDE = 32  # pixels; every image is SIDE x SIDE x 3
SPLITS = ("train", "test")


class Entry(NamedTuple):
    """A data set as published: class names by label, images in (train, test), and how its files are called.

    `variable`: environment variable naming a folder. `label`: its column and key. `label_offset`: bytes
    before the label in a binary record. `python`, `binary`: folder, archive, files of train, file of test.
    """

    classes: tuple[str, ...]
    sizes: tuple[int, int]
    variable: str
    label: tuple[str, str]
    label_offset: int
    python: tuple[str, str, tuple[str, ...], str]
    binary: tuple[str, str, tuple[str, ...], str]


CIFAR10 = "airplane automobile bird cat deer dog frog horse ship truck"
CIFAR100 = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can
castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin
elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard
lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree pear
pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal
shark shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank
telephone television tiger tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm
"""
FIVE = tuple(f"data_batch_{number}" for number in range(1, 6))

CATALOG: dict[str, Entry] = {
    "cifar10": Entry(
        classes=tuple(CIFAR10.split()),
        sizes=(50_000, 10_000),
        variable="CIFAR10_DIR",
        label=("label", "labels"),
        label_offset=0,
        python=("cifar-10-batches-py", "cifar-10-python.tar.gz", FIVE, "test_batch"),
        binary=(
            "cifar-10-batches-bin",
            "cifar-10-binary.tar.gz",
            tuple(f"{name}.bin" for name in FIVE),
            "test_batch.bin",
        ),
    ),
    "cifar100": Entry(
        classes=tuple(CIFAR100.split()),
        sizes=(50_000, 10_000),
        variable="CIFAR100_DIR",
        label=("fine_label", "fine_labels"),
        label_offset=1,  # the coarse label comes first
        python=("cifar-100-python", "cifar-100-python.tar.gz", ("train",), "test"),
        binary=("cifar-100-binary", "cifar-100-binary.tar.gz", ("train.bin",), "test.bin"),
    ),
}
# Layout -> the file that names the classes next to the batches, and its key. Copies may lack it.
NAMED = {
    "cifar10": {"python": ("batches.meta", "label_names"), "binary": ("batches.meta.txt", "")},
    "cifar100": {"python": ("meta", "fine_label_names"), "binary": ("fine_label_names.txt", "")},
}
NAMES = (*CATALOG, "synthetic")
