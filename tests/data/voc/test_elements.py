"""Annotations of other tools: their elements are read, or named in one line; no box vanishes or shrinks unsaid."""

import numpy as np
import pytest
from pictures import annotation

from analysis.data.voc import read_objects
from analysis.problem import Problem

SIZE = (48, 64)
BOX = ("cell", 6, 4, 22, 14)
PLAIN = annotation([BOX])
SECOND = "<bndbox><xmin>30</xmin><ymin>30</ymin><xmax>40</xmax><ymax>40</ymax></bndbox>"


def read(tmp_path, content, classes=("cell",)):
    path = tmp_path / "a b.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_objects(path, SIZE, classes)


READ = {
    "a namespace": PLAIN.replace("<annotation>", '<annotation xmlns="http://a.b/voc">'),
    "a prefix": PLAIN.replace("<annotation>", '<v:annotation xmlns:v="http://a.b">').replace(
        "</annotation>", "</v:annotation>"
    ),
    "Object": PLAIN.replace("object>", "Object>"),
    "ANNOTATION": PLAIN.replace("annotation>", "ANNOTATION>"),
    "BndBox": PLAIN.replace("bndbox>", "BndBox>").replace("xmin>", "XMin>"),
    "Size": PLAIN.replace("size>", "Size>").replace("width>", "Width>"),
    "a wrapper": f"<annotations>{PLAIN}</annotations>",
    "objects in a list": PLAIN.replace("<object>", "<objects><object>").replace("</object>", "</object></objects>"),
    "another root": PLAIN.replace("annotation>", "doc>"),
    "spaces": PLAIN.replace(">6<", "> 6\n<").replace(">cell<", "> cell <"),
    "decimals": PLAIN.replace(">6<", ">6.0<"),
    "a part": PLAIN.replace("<bndbox>", f"<part><name>head</name>{SECOND}</part><bndbox>"),
    "a folder called like a class": PLAIN.replace("<size>", "<folder>cell</folder><source><x>3</x></source><size>"),
    "UTF-16 that was saved as UTF-8": f'<?xml version="1.0" encoding="utf-16"?>{PLAIN}',
    "UTF-32 that was saved as UTF-8": f"<?xml version='1.0' encoding='UTF32LE'?>{PLAIN}",
    "an owner": PLAIN.replace("<size>", "<owner><name>cell</name></owner><size>"),
}


@pytest.mark.parametrize("what", READ)
def test_other_spellings_of_the_same_are_read(tmp_path, what):
    objects = read(tmp_path, READ[what])
    assert np.allclose(objects.boxes * [64, 48, 64, 48], [BOX[1:]], atol=1e-4)
    assert (objects.labels.tolist(), objects.corrected) == ([0], ())


NONE = PLAIN[: PLAIN.index("<object>")] + "</annotation>"
REFUSED = {
    "a second name": (PLAIN.replace("<name>", "<name>cell</name><name>"), "has 2 <name> in one <object>"),
    "a second side": (PLAIN.replace("<xmin>", "<xmin>1</xmin><xmin>"), "has 2 <bndbox/xmin> in one <object>"),
    "a second size": (PLAIN.replace("<size>", "<size><width>64</width></size><size>"), "has 2 <size>"),
    "a size elsewhere": (PLAIN.replace("size>", "image>"), "height in <height>; a size is <size>"),
    "a size of another name": (
        PLAIN.replace("<size>", "<imagesize><nrows>48</nrows></imagesize><size>").replace(">64<", ">0<"),
        "nrows in <nrows>; a size is <size>",
    ),
    "a size in attributes": (
        f'<annotation><size WIDTH="32" height="24"/>{PLAIN[PLAIN.index("<object>") :]}',
        "width in <size>; a size is <size>",
    ),
    "boxes of CVAT": (
        NONE.replace("</a", '<image><box label="cell" xtl="6" ytl="4"/></image></a'),
        "has <box> outside of",
    ),
    "corners among objects": (
        PLAIN.replace("</annotation>", "<box><x1>3</x1></box></annotation>"),
        "has <x1> outside of",
    ),
    "a class as text": (
        NONE.replace("</a", "<item><class>cell</class></item></a"),
        "has <class> outside of an <object>",
    ),
    "a class as a tag": (NONE.replace("</a", "<cell>6 4 22 14</cell></a"), "has <cell> outside of an <object>"),
    "a class as an attribute": (NONE.replace("</a", '<item is="cell"/></a'), "has <item> outside of an <object>"),
    "digits apart": (PLAIN.replace(">22<", ">2_2<"), "'2_2' as bndbox/xmax"),
    "other digits": (PLAIN.replace(">22<", ">２２<"), "'２２' as bndbox/xmax"),
    "a second box": (PLAIN.replace("</bndbox>", f"</bndbox>{SECOND}"), "has 2 <bndbox> in one <object>, cell"),
    "items": (PLAIN.replace("object>", "item>"), "<name> in <item>"),
    "items without a name": (
        PLAIN.replace("object>", "item>").replace("<name>cell</name>", ""),
        "<bndbox> in <item>; objects are <object>",
    ),
    "one item": (
        annotation([BOX, BOX])[::-1].replace("tcejbo", "meti", 2)[::-1],
        "<bndbox> in <item>",
    ),
    "another box": (PLAIN.replace("bndbox>", "box>"), "<xmin> in <box>"),
    "a rotated box": (PLAIN.replace("bndbox>", "robndbox>"), "<xmin> in <robndbox>"),
    "no box": (PLAIN[: PLAIN.index("<bndbox>")] + "</object></annotation>", "None as bndbox/xmin"),
    "width": (PLAIN.replace("xmax>", "width>"), "None as bndbox/xmax"),
    "two annotations": (f"<a>{PLAIN}{PLAIN}</a>", "has 2 <annotation>"),
    "another format": ("<image><box xtl='1'/></image>", "neither <annotation> nor <object> but <image>"),
    "a page": ("<html><body>404</body></html>", "is an HTML page, as a failed download leaves"),
    "a pointer": ("version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "is a pointer of Git LFS"),
    "fractions": (annotation([("cell", 0.1, 0.08, 0.34, 0.29)]), "within one pixel, as fractions are"),
    "the whole as fractions": (annotation([("cell", 0, 0, 1, 1)]), "within one pixel"),
    "one of fractions": (annotation([BOX, ("cell", 0.5, 0.5, 1, 1.02)]), "0.5 0.5 1 1.02, within one pixel"),
    "a comma": (PLAIN.replace(">6<", ">6,0<"), "'6,0' as bndbox/xmin"),
    "attributes": (PLAIN.replace("<xmin>6</xmin>", "").replace("<bndbox>", "<bndbox xmin='6'>"), "None as bndbox/xmin"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_would_lose_a_box_is_named(tmp_path, what):
    content, words = REFUSED[what]
    with pytest.raises(Problem) as raised:
        read(tmp_path, content)
    message = str(raised.value)
    assert words in message and "a b.xml" in message and "\n" not in message


@pytest.mark.parametrize("encoding", ["gbk", "gb2312", "gb18030", "big5", "shift_jis", "euc-kr", "latin-1", "utf-16"])
def test_a_declared_encoding_is_read(tmp_path, encoding):
    name = {"big5": "細胞", "shift_jis": "細胞", "euc-kr": "세포", "latin-1": "Zähler"}.get(encoding, "图片")
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n' + PLAIN.replace("cell", name)
    assert len(read(tmp_path, text.encode(encoding), (name,)).labels) == 1


def test_a_byte_order_mark_is_read(tmp_path):
    assert len(read(tmp_path, PLAIN.encode("utf-8-sig")).labels) == 1


@pytest.mark.parametrize("declared", ["", '<?xml version="1.0" encoding="utf-8"?>', '<?xml version="1.0"?>'])
def test_text_that_is_not_in_its_encoding_says_so(tmp_path, declared):
    text = declared + PLAIN.replace("<size>", "<folder>Zähler</folder><size>")
    with pytest.raises(Problem, match="not text in the encoding utf-8; save it as UTF-8"):
        read(tmp_path, text.encode("latin-1"))


@pytest.mark.parametrize("encoding", ["no-such", "hex", "undefined"])
def test_an_encoding_that_is_none_says_so(tmp_path, encoding):
    with pytest.raises(Problem, match=f"encoding {encoding}; save it as UTF-8|truncated or not XML"):
        read(tmp_path, f'<?xml version="1.0" encoding="{encoding}"?>{PLAIN}')


def test_a_size_that_differs_names_the_turn(tmp_path):
    (tmp_path / "a.xml").write_text(annotation([BOX], (64, 48)))
    with pytest.raises(Problem, match=r"48 x 64, its image has 64 x 48 \(turned by its EXIF orientation 6\)"):
        read_objects(tmp_path / "a.xml", SIZE, ("cell",), " (turned by its EXIF orientation 6)")
