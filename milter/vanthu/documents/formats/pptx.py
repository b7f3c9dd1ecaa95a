"""pptx, ppsx, potx, pptm (PresentationML): read by our own reader over Python's expat.

Slides in order with all shapes, tables and SmartArt, speaker's notes, comments, properties and labels. Embedded
files are members, large pictures go to OCR. Not read: masters and layouts, charts.
"""

from __future__ import annotations

from ...mail.sniff import PPTX
from ..work import Found
from ..xml import Flat
from .drawing import Drawing
from .ooxml import Package

TYPES = (
    PPTX,
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
    "application/vnd.openxmlformats-officedocument.presentationml.template",
    "application/vnd.ms-powerpoint.presentation.macroenabled.12",
)
_BESIDE = {"notesSlide": "notes", "comments": "comments", "diagramData": "drawing"}


def read(content: bytes, found: Found) -> None:
    """Slides as the presentation lists them."""
    package = Package(content, found)
    main = package.main("ppt/presentation.xml")
    listed = Flat(frozenset({"sldId"}))
    if not package.walk(main, listed):
        found.flaw("malformed")
    targets = {number: target for kind, target, number in package.relations(main) if kind == "slide"}
    order = [targets[id_] for _, attributes, _ in listed.values if (id_ := attributes.get("id", "")) in targets]
    found.pages = len(order)
    for number, slide in enumerate(order or list(targets.values()), 1):
        found.work.look_at_clock()
        _story(package, slide, f"slide {number}", found)
        for kind, target, _ in package.relations(slide):
            if kind in _BESIDE:
                _story(package, target, f"slide {number} {_BESIDE[kind]}", found)
    package.finish()


def _story(package: Package, name: str, part: str, found: Found) -> None:
    drawing = Drawing()
    package.walk(name, drawing)
    found.add(drawing.close(), part)
