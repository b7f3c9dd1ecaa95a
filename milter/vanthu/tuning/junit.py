"""Results of test cases as JUnit XML, which CI systems show."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

from ..harmless import printable
from .judging import Result


def write(path: Path, results: Sequence[Result]) -> None:
    """One suite, one test case a case; OSError where the file cannot be written."""
    failed = sum(bool(result.wrong) for result in results)
    suite = Element("testsuite", name="vanthu policies", tests=str(len(results)), failures=str(failed), errors="0")
    for result in results:
        file, _, line = result.case.place.rpartition(":")
        case = SubElement(suite, "testcase", classname=file, name=_printable(result.case.shape.name), line=line)
        if result.wrong:
            failure = SubElement(case, "failure", message=_printable(result.wrong[0]))
            failure.text = _printable("\n".join(result.wrong))
    indent(suite)
    ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def _printable(text: str) -> str:
    """XML 1.0 has no control characters."""
    return "\n".join(map(printable, text.split("\n")))
