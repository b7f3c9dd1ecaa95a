"""What is fuzzed, by name; each module holds the targets of one part of the house as ``TARGETS``.

A module is imported only when one of its targets is asked for: under atheris everything imported costs time.
"""

from __future__ import annotations

import importlib

from fuzz.target import Target

MODULES: dict[str, tuple[str, ...]] = {
    "message": ("mail", "header", "decode", "html", "legacy"),
    "office": ("ooxml", "xlsx", "odf", "doc", "xls", "ppt", "msg"),
    "documents": ("rtf", "tnef", "zip", "kinds", "text", "wire"),
    "seals": ("cms",),
    "recognisers": ("facts", "forward", "official", "secrecy"),
    "parties": ("links", "challenge", "hop", "parties"),
    "house": ("policy", "settings", "register", "sieve"),
    "journal": ("journal",),
}
NAMES: tuple[str, ...] = tuple(name for names in MODULES.values() for name in names)


def target(name: str) -> Target:
    """The target of that name; KeyError where there is none."""
    module = next((module for module, names in MODULES.items() if name in names), None)
    if module is None:
        raise KeyError(name)
    found: Target = importlib.import_module(f"fuzz.targets.{module}").TARGETS[name]
    return found
