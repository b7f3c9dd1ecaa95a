"""The grammar takes Vietnamese words and refuses those of others."""

from __future__ import annotations

import pytest

from vanthu.vietnamese.syllables import is_syllable, vietnamese_share

_WORDS = """
Cộng hòa xã hội chủ nghĩa Việt Nam Độc lập Tự do Hạnh phúc Ủy ban nhân dân tỉnh Quảng Ngãi ngày tháng năm Kính
gửi Thực hiện Quyết định của Thủ tướng Chính phủ về việc sử dụng hệ thống thư điện tử trong cơ quan nhà nước
khuya nghiêng thuở quốc quyển khuynh hướng giếng gì gìn giữ nguyễn ngoằn ngoèo huỳnh huýt tuýp xoong quét quẹt
quay quầy ưu ỷ ý kiến yêu yếu khuỷu rượu bướu phượng hoàng loạng choạng thuế tuế xuê xoa hươu ướt uống oai oan
uất oanh tạch khuếch
"""


@pytest.mark.parametrize("word", _WORDS.split())
def test_vietnamese(word: str) -> None:
    assert is_syllable(word)


_OTHERS = "für été schön über année español coração mät mấc̣ hạtt các̀ tàc mảt strategic việtt"


@pytest.mark.parametrize("word", _OTHERS.split())
def test_others(word: str) -> None:
    assert not is_syllable(word)


def test_share_needs_enough_words() -> None:
    assert vietnamese_share("Việt Nam") == 0.0
    assert vietnamese_share("Cộng hòa xã hội") == 1.0
    assert vietnamese_share("für schöne Grüße, xã") == 0.25
