"""A drawn data set in the PASCAL VOC layout: squares and bars on noise, each picture with its files."""

import numpy as np
from PIL import Image

KINDS = ("square", "bar")
COLOURS = ((220, 40, 40), (40, 40, 220))


def picture(number, size=(48, 64)):
    """An image, uint8 (H, W, 3), of two or three separate shapes, with their kinds and their corners in pixels."""
    random = np.random.default_rng(number)
    height, width = size
    image = random.normal(120, 10, (*size, 3))
    kinds, boxes = [], []
    for quarter in random.permutation(4)[: int(random.integers(2, 4))]:
        kind = int(random.integers(2))
        h, w = (height // 4, height // 4) if kind == 0 else (height // 8, width // 3)
        top = int(random.integers(height // 2 - h + 1)) + (quarter // 2) * (height // 2)
        left = int(random.integers(width // 2 - w + 1)) + (quarter % 2) * (width // 2)
        image[top : top + h, left : left + w] = COLOURS[kind]
        kinds.append(kind)
        boxes.append((left, top, left + w, top + h))
    return image.clip(0, 255).astype(np.uint8), kinds, boxes


def annotation(objects, size=(48, 64)):
    """The text of an annotation. `objects` are (name, left, top, right, bottom)."""
    sides = ("xmin", "ymin", "xmax", "ymax")
    things = "".join(
        f"<object><name>{name}</name><difficult>0</difficult><bndbox>"
        + "".join(f"<{side}>{edge}</{side}>" for side, edge in zip(sides, box, strict=True))
        + "</bndbox></object>"
        for name, *box in objects
    )
    height, width = size
    return f"<annotation><size><width>{width}</width><height>{height}</height></size>{things}</annotation>"


def write_pictures(folder, train=10, val=2, test=2, size=(48, 64)):
    """The folder with PNG files and annotations of drawn pictures. Those of train have the lowest numbers."""
    for name in ("Annotations", "ImageSets/Main", "JPEGImages"):
        (folder / name).mkdir(parents=True)
    number = 0
    for split, count in (("train", train), ("val", val), ("test", test)):
        stems = [f"{each:03}" for each in range(number, number + count)]
        (folder / "ImageSets" / "Main" / f"{split}.txt").write_text("\n".join(stems) + "\n")
        for stem in stems:
            image, kinds, boxes = picture(number, size)
            Image.fromarray(image).save(folder / "JPEGImages" / f"{stem}.png")
            objects = [(KINDS[kind], *box) for kind, box in zip(kinds, boxes, strict=True)]
            (folder / "Annotations" / f"{stem}.xml").write_text(annotation(objects, size))
            number += 1
    return folder
