"""The figures of the reference pages: what the first example of each operation shows, as small SVG files.

``same_picture`` compares two files by what they show, since the last digits of a place differ between machines.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path
from xml.sax.saxutils import escape

from havoc.dsl.executor import run_text
from havoc.tools.figures import draw
from havoc.tools.operation import operations
from havoc.tools.result import Figure

NEAR = 1.0  # points by which two drawings of one figure may differ
FONTS = "'DejaVu Sans',Verdana,Arial,sans-serif"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_SVG = "http://www.w3.org/2000/svg"


def figures_of(name: str) -> tuple[Figure, ...]:
    """The figures that the first example of an operation gives, most important first."""
    steps = run_text(operations()[name].examples[0]).steps
    return [s.result for s in steps if s.operation == name][-1].figures


def pictures(names: Iterable[str] | None = None) -> dict[str, str]:
    """File name to SVG: ``spc.i_mr.svg``, ``spc.i_mr_2.svg`` ... of these operations, or of all."""
    found = {}
    for name in operations() if names is None else names:
        for i, figure in enumerate(figures_of(name), 1):
            found[f"{name}.svg" if i == 1 else f"{name}_{i}.svg"] = picture(figure)
    return found


def picture(figure: Figure) -> str:
    """A figure as a small SVG whose words are text, with its title for those who cannot see it."""
    return _compact(draw(figure, letters="text").decode(), figure.title)


def _compact(svg: str, title: str) -> str:
    """Without comments, metadata, unused ids and spaces; places to a hundredth of a point."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    used = dict.fromkeys(re.findall(r'(?:href="|url\()#(\w+)', svg))
    short = {old: f"i{i}" for i, old in enumerate(used)}
    svg = re.sub(r' id="(.*?)"', lambda m: f' id="{short[m[1]]}"' if m[1] in short else "", svg)
    svg = re.sub(r'((?:href="|url\()#)(\w+)', lambda m: m[1] + short[m[2]], svg)
    svg = re.sub(r"<[^>]+>", lambda m: _compact_tag(m[0]), svg)
    svg = re.sub(r">\s+<", "><", svg)
    svg = re.sub(r"font-family:'DejaVu Sans'[^;\"]*;?", "", svg)
    svg = re.sub(r' transform="rotate\(-0 [^)]*\)"', "", svg)
    svg = svg.replace("</style>", f"text{{font-family:{FONTS}}}</style>", 1)
    svg = re.sub(r"<g>(?:<g/>)*</g>|<g/>", "", svg)
    head = svg.index(">") + 1
    return f"{svg[:head]}<title>{escape(title)}</title>{svg[head:]}".replace("><g", ">\n<g") + "\n"


def _compact_tag(tag: str) -> str:
    """A tag alone: the words between tags stay as they are."""
    tag = re.sub(r"-?\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), tag)
    return re.sub(r"(?<=[:;]) ", "", " ".join(tag.split()))


def title_of(svg: str) -> str:
    """The title a picture carries."""
    return ElementTree.fromstring(svg).findtext(f"{{{_SVG}}}title", "")


def same_picture(one: str, two: str) -> bool:
    """Whether two SVG texts show the same: elements, words and styles equal, places near each other."""
    pairs = zip_longest(ElementTree.fromstring(one).iter(), ElementTree.fromstring(two).iter())
    return all(a is not None and b is not None and _alike(a, b) for a, b in pairs)


def _alike(a: ElementTree.Element, b: ElementTree.Element) -> bool:
    return (
        a.tag == b.tag
        and (a.text or "").strip() == (b.text or "").strip()
        and a.keys() == b.keys()
        and all(_near(value, b.attrib[key]) for key, value in a.items())
    )


def _near(one: str, two: str) -> bool:
    if one == two:
        return True
    first, second = ([float(v) for v in _NUMBER.findall(text)] for text in (one, two))
    return (
        _NUMBER.sub("#", one) == _NUMBER.sub("#", two)
        and len(first) == len(second)
        and all(abs(a - b) <= NEAR for a, b in zip(first, second, strict=True))
    )


def write_pictures(folder: Path) -> tuple[list[Path], int]:
    """Write the pictures that differ and delete what no operation gives; those changed, and how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pictures()
    changed = [path for path in folder.glob("*.svg") if path.name not in wanted]
    for path in changed:
        path.unlink()
    for name, text in wanted.items():
        path = folder / name
        if not path.exists() or not same_picture(path.read_text(encoding="utf-8"), text):
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed, len(wanted)
