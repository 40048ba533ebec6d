"""Reads a page as a browser does that loads nothing."""

import base64
import gzip
import json
import re
from html.parser import HTMLParser


class Reader(HTMLParser):
    """Checks that elements nest, and collects what could load something."""

    VOID = ("meta", "input", "br", "hr", "img", "link", "wbr")

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.loads, self.ids, self.text = [], [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)
        self.loads += [v for k, v in attrs if k in ("src", "href", "xlink:href", "data", "action", "srcset")]
        self.ids += [v for k, v in attrs if k == "id"]

    def handle_startendtag(self, tag, attrs):
        self.ids += [v for k, v in attrs if k == "id"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["script"], ["style"]):
            self.text.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    assert all(load.startswith("#") and load[1:] in reader.ids for load in reader.loads)
    return reader


def data(html):
    """The data that the page has for its script: CSV and charts by name, and the library that draws the charts."""
    (packed,) = re.findall(r'id="data">(.*?)</script>', html)
    return json.loads(gzip.decompress(base64.b64decode(packed)))
