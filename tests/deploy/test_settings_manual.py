"""policies/vanthu.yaml and docs/settings.md name every setting of the model with its default, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from vanthu.located import parse
from vanthu.settings.model import Settings
from vanthu.validation import validate

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "policies" / "vanthu.yaml"
TEXT = MANUAL.read_text(encoding="utf-8")


def defaults(model: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted name and default, as the file would have it, of every setting."""
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        dotted = f"{prefix}{field.alias or name}"
        if isinstance(value, BaseModel):
            yield from defaults(value, f"{dotted}.")
        else:
            plain = json.loads(json.dumps(value, default=lambda one: str(one)))
            yield dotted, plain


def flat(value: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, one in value.items():
        result |= flat(one, f"{prefix}{key}.") if isinstance(one, dict) else {f"{prefix}{key}": one}
    return result


DEFAULTS = dict(defaults(Settings()))
WRITTEN = flat(yaml.safe_load(TEXT))


def test_the_manual_has_every_setting_with_its_default_and_nothing_else() -> None:
    assert WRITTEN == DEFAULTS


def test_the_manual_loads_as_the_defaults() -> None:
    settings, problems = validate(Settings, parse(TEXT, str(MANUAL)))
    assert problems == []
    assert settings == Settings()


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_setting_is_explained(name: str) -> None:
    key = name.rpartition(".")[2]
    found = re.search(rf"^ *# .*\n^ *{key}: ", TEXT, re.MULTILINE)
    assert found, f"{name} has no comment above it"


def test_the_page_has_the_same_settings_and_defaults() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_.]+)` \| `(.*?)` \| (.+) \|$", page, re.MULTILINE)
    assert {name: yaml.safe_load(value) for name, value, _ in rows} == DEFAULTS
    assert all(meaning.strip() for _, _, meaning in rows)
