"""Word 2003 XML and flat OPC (``pkg:package``): one XML file that holds the parts of a docx.

Body, tables, text boxes, headers and notes in file order, by the reader of docx. Not read: binary parts.
"""

from __future__ import annotations

from ..work import Found
from ..xml import walk
from .docx import Story

TYPES = ("application/vnd.ms-word.2003xml",)


def read(content: bytes, found: Found) -> None:
    """Everything with text, as it comes."""
    story = Story({})
    try:
        walk(content, story, found.work)
    finally:
        found.add(story.close())
