"""An SVG tree made smaller without another picture: what matplotlib writes again and again is written once."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
REFERENCE = re.compile(r"url\(#([^)]+)\)")
WORDS = {f"{{{SVG}}}{tag}" for tag in ("text", "tspan", "style")}
STILL = re.compile(r"rotate\(-?0(\.0*)? [^)]*\)")  # matplotlib turns level text by no degrees


def shrink(root: Element, name: str) -> None:
    """Change `root` in place: its id becomes svg-`name`, those of its parts begin with `name` and stay only where
    something refers to them, styles and clips move to one style sheet, groups that say nothing go, and lengths keep
    hundredths of a point.
    """
    _rename(root, name)
    for element in root.iter():
        if STILL.fullmatch(element.get("transform", "")):
            del element.attrib["transform"]
        for key in {"d", "x", "y", "points"} & element.attrib.keys():
            element.set(key, _rounded(element.attrib[key]))
        if element.tag not in WORDS:
            element.text = None
    _flatten(root)
    root.set("id", f"svg-{name}")
    _style_sheet(root)


def _rename(root: Element, name: str) -> None:
    there = {element.get("id") for element in root.iter()}
    used = {link for element in root.iter() for link in _links(element)} & there
    names = {old: f"{name}-{i}" for i, old in enumerate(sorted(used))}
    for element in root.iter():
        new = names.get(element.attrib.pop("id", ""))
        if new:
            element.set("id", new)
        if XLINK in element.attrib:
            element.set("href", element.attrib.pop(XLINK))
        for key, value in element.attrib.items():
            if key == "href" and value[1:] in names:
                element.set(key, f"#{names[value[1:]]}")
            elif "url(#" in value:
                element.set(key, REFERENCE.sub(lambda found: f"url(#{names.get(found[1], found[1])})", value))


def _links(element: Element) -> Iterator[str]:
    for key, value in element.attrib.items():
        if key in ("href", XLINK):
            yield value.removeprefix("#")
        yield from REFERENCE.findall(value)


def _rounded(value: str) -> str:
    number = re.sub(r"-?\d+\.\d+", lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)
    return re.sub(r"\s*([MLHVCSQTAZz])\s*", r"\1", re.sub(r"(?<![\d.])-0(?![\d.])", "0", number)).strip()


def _flatten(parent: Element) -> None:
    """Groups without attributes give way to their children. Neighbours that are clipped alike become one group."""
    children: list[Element] = []
    for child in list(parent):
        _flatten(child)
        bare = child.tag == f"{{{SVG}}}g" and not child.attrib
        for each in list(child) if bare else [child]:
            before = children[-1] if children else None
            if before is not None and _clips(each) and before.tag == each.tag and before.attrib == each.attrib:
                before.extend(list(each))
            else:
                children.append(each)
    parent[:] = children
    for child in children:
        child.tail = child.tail if parent.tag in WORDS else None


def _clips(element: Element) -> bool:
    return element.tag == f"{{{SVG}}}g" and set(element.attrib) == {"clip-path"}


def _style_sheet(root: Element) -> None:
    """Each style once, under a class that holds inside `root` alone and outranks the page as the attribute did."""
    classes: dict[str, str] = {}
    for element in root.iter():
        style, clip = element.attrib.pop("style", ""), element.attrib.pop("clip-path", "")
        if style := _tight(f"{style};clip-path:{clip}" if clip else style):
            element.set("class", classes.setdefault(style, _letters(len(classes))))
    if classes:
        sheet = Element(f"{{{SVG}}}style")
        sheet.text = "".join(f"#{root.get('id')} .{short}{{{style}}}" for style, short in classes.items())
        root.insert(0, sheet)


def _tight(style: str) -> str:
    return re.sub(r"\s*([:;])\s*", r"\1", style).strip(";")


def _letters(n: int) -> str:
    """a, b, ..., z, aa, ab, ..."""
    return (_letters(n // 26 - 1) if n >= 26 else "") + chr(ord("a") + n % 26)
