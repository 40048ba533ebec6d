"""Figures of the page are small because nothing is said twice."""

from xml.etree import ElementTree

from analysis.render.page.shrink import SVG, shrink

HEAD = f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink">'


def shrunk(body):
    root = ElementTree.fromstring(f"{HEAD}{body}</svg>")
    shrink(root, "f")
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(root, encoding="unicode").removeprefix(f'<svg xmlns="{SVG}" id="svg-f">')


def test_a_style_is_written_once_and_holds_in_its_figure_alone():
    text = shrunk('<path style="fill: red; "/><path style="fill: red"/><path style="fill: blue"/>')
    assert text == (
        "<style>#svg-f .a{fill:red}#svg-f .b{fill:blue}</style>"
        '<path class="a" /><path class="a" /><path class="b" /></svg>'
    )


def test_classes_do_not_run_out_after_z():
    text = shrunk("".join(f'<path style="opacity: {i}"/>' for i in range(26 * 27 + 1)))
    assert "#svg-f .z{opacity:25}#svg-f .aa{opacity:26}" in text
    assert "#svg-f .zz{opacity:701}#svg-f .aaa{opacity:702}" in text


def test_bare_groups_go_and_neighbours_under_one_clip_share_it():
    clipped = '<g clip-path="url(#c)"><use xlink:href="#m" x="{}"/></g>'
    text = shrunk(
        f'<g id="unused"><g><path id="m"/><clipPath id="c"/></g>{clipped.format(1)}{clipped.format(2)}</g>'
        f'<g transform="scale(0.001)">{clipped.format(3)}</g>'
    )
    assert text == (
        '<style>#svg-f .a{clip-path:url(#f-0)}</style><path id="f-1" /><clipPath id="f-0" />'
        '<g class="a"><use x="1" href="#f-1" /><use x="2" href="#f-1" /></g>'
        '<g transform="scale(0.001)"><g class="a"><use x="3" href="#f-1" /></g></g></svg>'
    )


def test_lengths_are_rounded_and_words_are_kept():
    path = '<path d="M 1.23556 -0.001 \nL -12.5 3 \nz\n"/>'
    text = shrunk(f'{path}<text x="1.999" transform="rotate(-0 1.9 2)"> a  b <tspan>c </tspan> d</text>')
    assert text == '<path d="M1.24 0L-12.5 3z" /><text x="2"> a  b <tspan>c </tspan> d</text></svg>'


def test_turned_text_stays_turned():
    assert 'transform="rotate(-90 1.23456 2)"' in shrunk('<text transform="rotate(-90 1.23456 2)">a</text>')
