"""Lists of images as people have them: names with spaces, suffixes, capitals, byte order marks, companions of macOS."""

import unicodedata

import pytest
from pictures import write_pictures

from analysis.data.voc import listed
from analysis.problem import Problem


@pytest.fixture
def folder(tmp_path):
    return write_pictures(tmp_path / "data", train=3, val=1, test=1)


def rename(folder, old, new):
    (folder / "JPEGImages" / f"{old}.png").rename(folder / "JPEGImages" / f"{new}.png")
    (folder / "Annotations" / f"{old}.xml").rename(folder / "Annotations" / f"{new}.xml")


def listing(folder, text, encoding="utf-8"):
    (folder / "ImageSets" / "Main" / "train.txt").write_text(text, encoding=encoding)
    return [(files.image.name, files.annotation.name) for files in listed(folder, "train")]


@pytest.mark.parametrize("name", ["cell (1)", "000 copy", "000 1", "000  1", "a  b", "Zelle ä", "图 1", "a.b c"])
def test_a_name_with_spaces_is_whole(folder, name):
    rename(folder, "001", name)
    assert listing(folder, f"{name}\n002\n") == [(f"{name}.png", f"{name}.xml"), ("002.png", "002.xml")]


@pytest.mark.parametrize("name", ["000 (1)", "000 1", "000 copy", "000 001"])
def test_another_picture_does_not_stand_in_for_a_name_with_spaces(folder, name):
    with pytest.raises(Problem, match="train.txt names 000 .* does not exist"):
        listing(folder, f"{name}\n")


@pytest.mark.parametrize("suffix", ["JPG", "Jpeg", "PNG", "BMP", "TIF", "tiff", "webp"])
def test_capitals_and_suffixes_do_not_matter(folder, suffix):
    (folder / "JPEGImages" / "000.png").rename(folder / "JPEGImages" / f"000.{suffix}")
    (folder / "Annotations" / "000.xml").rename(folder / "Annotations" / "000.XML")
    for text in ("000", f"000.{suffix}"):
        assert listing(folder, text) == [(f"000.{suffix}", "000.XML")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_lists_of_every_editor_are_read(folder, encoding, end):
    path = folder / "ImageSets" / "Main" / "train.txt"
    path.write_bytes(end.join(["000", " 001 ", "", "002"]).encode(encoding))
    assert [files.image.stem for files in listed(folder, "train")] == ["000", "001", "002"]


@pytest.mark.parametrize(
    ("content", "words"),
    [("ä\n".encode("latin-1"), "not text in the encoding utf-8"), ("000\n".encode("utf-16-le"), "holds zero bytes")],
)
def test_an_encoding_that_nobody_can_know_is_one_line(folder, content, words):
    path = folder / "ImageSets" / "Main" / "train.txt"
    path.write_bytes(content)
    with pytest.raises(Problem, match=words) as raised:
        listed(folder, "train")
    assert str(path) in str(raised.value)


def test_letters_with_accents_are_found_however_they_are_stored(folder):
    rename(folder, "000", unicodedata.normalize("NFD", "é0"))
    assert len(listing(folder, unicodedata.normalize("NFC", "é0"))) == 1


@pytest.mark.parametrize("text", ["000 -1\n001  1\n", "000 -1\n", "001  0\n002 -1\n"])
def test_the_columns_of_lists_for_one_class_are_known(folder, text):
    assert [image[:3] for image, _ in listing(folder, text)] == [line[:3] for line in text.splitlines()]


def test_two_images_of_one_name_are_refused(folder):
    (folder / "JPEGImages" / "000.jpg").write_bytes(b"")
    with pytest.raises(Problem, match=r"names 000, which is 000\.jpg and 000\.png"):
        listing(folder, "000\n")
    assert listing(folder, "000.png\n") == [("000.png", "000.xml")]


def test_companions_of_macos_and_folders_are_no_images(folder):
    (folder / "JPEGImages" / "._000.png").write_bytes(b"\0\5\x16\7")
    (folder / "Annotations" / "._000.xml").write_bytes(b"\0\5\x16\7")
    (folder / "JPEGImages" / "000.jpg").mkdir()
    assert listing(folder, "000\n") == [("000.png", "000.xml")]
    with pytest.raises(Problem, match=r"names \._000"):
        listing(folder, "._000\n")


def test_one_picture_under_two_spellings_is_listed_twice(folder):
    with pytest.raises(Problem, match=r"names 000\.png more than once"):
        listing(folder, "000\n000.png\n")
