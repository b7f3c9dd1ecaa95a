"""Plain text and XML: tags are no text, but only where the file is XML."""

from __future__ import annotations

from pathlib import Path

import pytest

from vanthu.documents.formats import plain
from vanthu.documents.model import DocumentLimits
from vanthu.documents.read import read
from vanthu.documents.seals import xmldsig
from vanthu.documents.work import Found, Stop, Work

SIGNED = Path(__file__).parent / "samples" / "xml" / "signed-xmldsig.xml"
LIMITS = DocumentLimits(ocr="off")
NAMESPACE = xmldsig.NAMESPACE.decode()


def text_of(content: bytes, name: str | None = None) -> str:
    return "\n".join(text.text for text in read(content, name, LIMITS).texts)


def test_a_text_about_signatures_keeps_what_stands_in_angle_brackets() -> None:
    text = f"Không gian tên {NAMESPACE} của chữ ký.\nMức <MẬT>, thư <van.thu@x.gov.vn>"
    assert text_of(text.encode(), "a.txt") == text


@pytest.mark.parametrize("before", ["", "\ufeff", "\n  ", "\ufeff\r\n"])
def test_signed_xml_without_a_declaration_is_still_xml(before: str) -> None:
    text = f'{before}<HDon><Ten>Hóa đơn</Ten><Signature xmlns="{NAMESPACE}"></Signature></HDon>'
    found = read(text.encode(), "a.txt", LIMITS)
    assert found.texts[0].text == "Hóa đơn"
    assert [seal.kind for seal in found.seals] == ["xmldsig"]


def test_the_text_is_there_when_time_is_up_among_the_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(_content: bytes, _work: Work) -> list[object]:
        raise Stop("timeout")

    monkeypatch.setattr(plain.xmldsig, "signers", late)
    found = Found("application/xml", None, Work(LIMITS, 1, lambda content, name, _: read(content, name, LIMITS)))
    with pytest.raises(Stop, match="timeout"):
        plain.read(SIGNED.read_bytes(), found)
    assert found.texts
