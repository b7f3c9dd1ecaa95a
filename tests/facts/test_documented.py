"""docs/facts.md names every key of Facts."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from vanthu.facts import model

PAGE = (Path(__file__).parents[2] / "docs" / "facts.md").read_text(encoding="utf-8")


def test_every_key_is_explained() -> None:
    keys = {
        field.encode_name
        for struct in vars(model).values()
        if isinstance(struct, type) and issubclass(struct, msgspec.Struct) and struct.__module__ == model.__name__
        for field in msgspec.structs.fields(struct)
    }
    assert len(keys) > 60
    named = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`]+)`", PAGE))))
    assert sorted(keys - named) == []
