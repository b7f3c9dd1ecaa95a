"""The words of notices: Jinja2 templates, shipped in ``templates``. An operator may replace any by one of the same
name in the folder of ``notices.templates`` (docs/notices.md). Sole importer of jinja2.

Templates run in Jinja's sandbox. Where one of the operator's fails, that is told to ``report`` and the shipped one is
used: a slip of a pen silences nobody. ``problems`` finds it before; ``vanthu check`` asks it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import Problem
from ..validation import did_you_mean
from .notice_html import blocks

_SHIPPED = Path(__file__).with_name("templates")
NAMES = tuple(sorted(path.name for path in _SHIPPED.glob("*.j2")))
_SEPARATOR = "\n\n----\n\n"
_WIDTH = 76
_LONGEST = 200_000  # characters of a notice; a loop in a template does not fill the outbox


class Templates:
    """Renders notices; ``folder`` None means the shipped words."""

    def __init__(self, folder: Path | None = None, report: Callable[[str], None] = lambda _: None) -> None:
        self._own = _environment(folder) if folder is not None else None
        self._report = report

    def mail(self, name: str, values: Mapping[str, Any]) -> tuple[str, str, str]:
        """Subject, text and HTML of ``NAME.txt.j2``."""
        if self._own is not None:
            try:
                return _mail(self._own, name, values)
            except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError, OSError) as error:
                self._report(
                    f"notices: the template {name}.txt.j2 or one that it uses: {error}; the shipped one is used"
                )
        return _mail(_shipped(), name, values)


def problems(folder: Path, samples: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Problem]:
    """What is wrong with an operator's templates: names that nothing uses, syntax, what fails with these values."""
    if not folder.is_dir():
        yield Problem(str(folder), 0, 0, "warning", "notices.templates: no such folder; the shipped words are used")
        return
    for path in sorted(folder.iterdir()):
        if path.suffix == ".j2" and path.name not in NAMES:
            yield Problem(str(path), 0, 0, "warning", f"no notice uses this template{did_you_mean(path.name, NAMES)}")
    environment = _environment(folder)
    seen = set()
    for name, values in ((name, values) for name, several in samples.items() for values in several):
        try:
            _mail(environment, name, values)
        except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError, OSError) as error:
            file = getattr(error, "filename", None) or str(folder / f"{name}.txt.j2")
            problem = Problem(
                file, getattr(error, "lineno", None) or 0, 0, "warning", f"the shipped template is used: {error}"
            )
            if problem not in seen:
                seen.add(problem)
                yield problem


@cache
def _shipped() -> Environment:
    return _environment(None)


def _environment(folder: Path | None) -> Environment:
    folders = [_SHIPPED] if folder is None else [folder, _SHIPPED]
    return ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(one) for one in folders]),
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _mail(environment: Environment, name: str, values: Mapping[str, Any]) -> tuple[str, str, str]:
    rendered = environment.get_template(f"{name}.txt.j2").render(values)
    if len(rendered) > _LONGEST:
        raise ValueError(f"{len(rendered)} characters are too many for a notice")
    head, _, body = rendered.strip().partition("\n\n")
    if not head.startswith("Subject: ") or "\n" in head or not body.strip():
        raise ValueError("the first line must be the subject, then an empty line, then the text")
    languages = [_wrapped(part) for part in body.split(_SEPARATOR)]
    parts = [{"lang": lang, "html": blocks(text)} for lang, text in zip(("vi", "en"), languages, strict=False)]
    html = environment.get_template("page.html.j2").render(parts=parts)
    return head.removeprefix("Subject: ").strip(), _SEPARATOR.join(languages) + "\n", html


def _wrapped(text: str) -> str:
    """Lines of at most 76 characters, and never more than one empty one."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        indent = "  " if line.startswith("- ") else ""
        folded = textwrap.wrap(
            line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )  # fmt: skip
        if folded or (lines and lines[-1]):
            lines += folded or [""]
    return "\n".join(lines)
