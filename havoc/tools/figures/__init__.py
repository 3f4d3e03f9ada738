"""Draws the figures that operations give as data: ``draw(figure)`` is an SVG or PNG image.

A figure's ``kind`` chooses one drawing function; ``data`` is plain JSON. Colours are told apart by people with
colour blindness (Okabe and Ito 2008), and nothing is told by colour alone. The same data give the same bytes.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any, Literal

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas

from havoc.errors import InputError, nearest
from havoc.tools.figures import charts, curves, distributions, groups, models
from havoc.tools.figures.style import KINDS, STYLE
from havoc.tools.result import Figure

DRAWN_BY = (charts, curves, distributions, groups, models)  # each registers its kinds


def draw(
    figure: Figure,
    image: Literal["svg", "png"] = "svg",
    width: float = 7.2,
    height: float = 4.3,
    dpi: int = 120,
    letters: Literal["outlines", "text"] = "outlines",
) -> bytes:
    """Draw a figure.

    Parameters
    ----------
    width, height : in inches.
    dpi : dots per inch of a PNG.
    letters : of an SVG: outlines look alike everywhere, text is smaller and can be searched.

    Raises
    ------
    InputError
        There is no drawing of this kind, or its data lack something.
    """
    if figure.kind not in KINDS:
        raise InputError(f"no figure of kind '{figure.kind}'{nearest(figure.kind, KINDS)}")
    fonts: dict[Any, Any] = {"svg.fonttype": "path" if letters == "outlines" else "none"}
    with matplotlib.rc_context({**STYLE, **fonts}):
        canvas = Canvas(figsize=(width, height), layout="constrained")
        try:
            KINDS[figure.kind](canvas, figure.data)
        except (KeyError, IndexError) as error:
            raise InputError(f"the figure '{figure.title}' lacks {error}") from None
        canvas.suptitle(figure.title, fontsize=11, fontweight="bold")
        out = io.BytesIO()
        if image == "png":
            FigureCanvasAgg(canvas).print_png(out, metadata={"Software": None})
        else:
            FigureCanvasSVG(canvas).print_svg(out, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def views(figure: Figure) -> dict[str, Figure]:
    """The pictures of a figure by the name of the view, "" for its own: a contour plot is also seen in space."""
    if figure.kind != "contour":
        return {"": figure}
    return {"": figure, "surface": replace(figure, kind="surface")}


def kinds() -> tuple[str, ...]:
    """Every kind that can be drawn."""
    return tuple(sorted(KINDS))
