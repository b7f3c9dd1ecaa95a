"""Secrecy marks by place and form."""

from __future__ import annotations

import random
import time

import pytest

from accuracy.letters import innocent, noise, others
from vanthu.facts.model import Secrecy
from vanthu.facts.reading import Reading
from vanthu.facts.secrecy import recognise
from vanthu.mail.message import HeaderField

HEAD = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 12/BC-UBND
Gia Lai, ngày 05 tháng 3 năm 2026
{mark}
Kính gửi: Bộ Công an.
Báo cáo công tác bảo vệ bí mật nhà nước; tài liệu mật được lưu riêng, mật khẩu đổi hằng tháng.
Nơi nhận:
- Ủy ban
MẶT TRẬN TỔ QUỐC;
- Lưu: VT.
"""


def said(text: str, where: str = "body") -> Secrecy:
    return recognise([Reading(where, text)], [])


@pytest.mark.parametrize(
    ("mark", "level"),
    [
        ("MẬT", "mat"), ("TỐI MẬT", "toi_mat"), ("TUYỆT MẬT", "tuyet_mat"), ("M Ậ T", "mat"), ("T Ố I  M Ậ T", "toi_mat"), ("*MẬT*", "mat"), ("[ TUYỆT MẬT ]", "tuyet_mat"),  # noqa: E501
        ("| MẬT |", "mat"), ("│ TỐI MẬT │", "toi_mat"), ("MÂT", "mat"), ("TÔI MẬT", "toi_mat"), ("Độ mật: Tối mật", "toi_mat"), ("| Độ mật | Mật |", "mat"), ("MẬT\nHỎA TỐC", "mat"), ("MẬT (A)", "mat"), ("TỐI MẬT - HỎA TỐC", "toi_mat"), ("KHẨN MẬT", "mat"), ("MẬT MẬT", "mat"),  # noqa: E501
    ],
)  # fmt: skip
def test_marks_in_a_head(mark: str, level: str) -> None:
    assert said(HEAD.format(mark=mark)).level == level


@pytest.mark.parametrize("mark", ["М\u1eacT", "M\u1eac\u0422", "M\u200bẬ\u200bT", "T\u00adỐI\u00a0MẬT"])
def test_disguised_marks(mark: str) -> None:
    assert said(HEAD.format(mark=mark)).level is not None


@pytest.mark.parametrize(
    ("mark", "level"),
    [
        ("T U Y Ệ T   M Ậ T", "tuyet_mat"), ("T Ố I    M Ậ T", "toi_mat"), ("TỐI   MẬT", "toi_mat"),
        ("TỐI\nMẬT", "toi_mat"), ("TUYỆT\nMẬT", "tuyet_mat"),
        ("| TUYỆT | MẬT |", "tuyet_mat"), ("TUYET\nMAT", "tuyet_mat"),
        ("BUỔI TỐI\nMẬT", "mat"), ("TỐI\n\nMẬT", "mat"),
    ],
)  # fmt: skip
def test_a_mark_in_two_pieces_has_the_level_of_both(mark: str, level: str) -> None:
    found = said(HEAD.format(mark=mark))
    assert (found.level, len(found.evidence)) == (level, 1)


FINDINGS = """BỆNH VIỆN ĐA KHOA TỈNH
KHOA CHẨN ĐOÁN HÌNH ẢNH
Số: 123/CĐHA-2026
SIÊU ÂM Ổ BỤNG
{above}
Không to
MẬT
Không sỏi
{below}
Bình thường
Hà Thành, ngày 9 tháng 9 năm 2026
"""


def test_gall_among_organs_is_no_mark() -> None:
    assert said(FINDINGS.format(above="GAN", below="TỤY")).level is None
    assert said(FINDINGS.format(above="Gan:", below="- Lách")).level is None
    assert said(FINDINGS.format(above="Phần một", below="Phần hai")).level == "mat"


def test_marks_beside_the_other_column() -> None:
    assert said(HEAD.format(mark="").replace("Số: 12/BC-UBND", "Số: 12/BC-UBND   MẬT")).level == "mat"
    assert said(HEAD.format(mark="").replace("Gia Lai,", "TỐI MẬT Gia Lai,")).level == "toi_mat"


@pytest.mark.parametrize(
    "title",
    [
        "KẾ HOẠCH\nXÁC ĐỊNH BÍ MẬT NHÀ NƯỚC ĐỘ\nTỐI MẬT",
        "BAN HÀNH QUY CHẾ BẢO VỆ TÀI LIỆU\nMẬT",
        "V/V BẢO VỆ TÀI LIỆU MẬT",
    ],
)
def test_titles_about_secrecy(title: str) -> None:
    assert said(HEAD.format(mark=title)).level is None


def test_undiacritised_mark_needs_a_letterhead() -> None:
    assert said(noise.plain(HEAD.format(mark="MẬT"))).level == "mat"
    assert said("Gui anh\nMAT\ntai lieu").level is None
    assert said(noise.plain(HEAD.format(mark=""))).level is None


@pytest.mark.parametrize(
    ("where", "text", "level"),
    [
        ("subject", "[MẬT] V/v báo cáo", "mat"), ("subject", "Fwd: (TỐI MẬT) 12/BC-UBND", "toi_mat"), ("filename", "12_BC-UBND_MẬT.pdf", "mat"), ("filename", "TUYỆT MẬT - kế hoạch.docx", "tuyet_mat"),  # noqa: E501
        ("subject", "[MAT] 12/BC-UBND", "mat"), ("subject", "[MAT] ban do", None), ("subject", "MẬT ONG RỪNG - giá tốt", None), ("subject", "TẬP HUẤN TÀI LIỆU MẬT", None),  # noqa: E501
        ("filename", "bao ve tai lieu mat.doc", None), ("filename", "MAT TRAN TO QUOC.pdf", None),
    ],
)  # fmt: skip
def test_subjects_and_file_names(where: str, text: str, level: str | None) -> None:
    assert said(text, where).level == level


@pytest.mark.parametrize(
    ("name", "value", "level"),
    [
        ("msip_labels", "MSIP_Label_1_Enabled=true; MSIP_Label_1_Name=Tối mật; MSIP_Label_1_SiteId=2", "toi_mat"), ("Sensitivity", "Company-Confidential", None),  # noqa: E501
        ("X-Do-Mat", "Tuyet mat", "tuyet_mat"), ("msip_labels", "MSIP_Label_1_Name=General", None), ("X-Do-Mat", "Thường", None),  # noqa: E501
    ],
)  # fmt: skip
def test_header_fields(name: str, value: str, level: str | None) -> None:
    assert recognise([], [HeaderField(name, value, b"")]).level == level


def test_the_highest_of_several_counts() -> None:
    readings = [
        Reading("attachment:1", HEAD.format(mark="MẬT")),
        Reading("attachment:2", HEAD.format(mark="TUYỆT MẬT")),
    ]
    found = recognise(readings, [])
    assert (found.level, found.where) == ("tuyet_mat", "attachment:2")


def test_declassified() -> None:
    found = said(HEAD.format(mark="MẬT\nGIẢI MẬT\nTừ: 01/01/2026"))
    assert found.declassified
    assert not said("GIẢI MẬT\n\nPhim tài liệu về tổ điệp báo.").declassified


@pytest.mark.parametrize("kind", [*innocent.KINDS, *others.ORDINARY])
def test_innocent_texts(kind: str) -> None:
    maker = {**innocent.KINDS, **others.ORDINARY}[kind]
    for seed in range(30):
        text = maker(random.Random(seed))
        for shape in (text, text if "[" in text else text.upper(), noise.plain(text)):
            assert said(shape).level is None, shape


@pytest.mark.parametrize("word", innocent.COMPOUNDS)
def test_compounds(word: str) -> None:
    for shape in (word, word.upper(), word.title()):
        assert said(f"Kính gửi anh,\nVề {shape} xin trao đổi.\n- {shape} là gì\nTrân trọng").level is None
        assert said(f"Về {shape}", "subject").level is None


@pytest.mark.parametrize("unit", ["MẬT\n", "Độ mật: Mật\n", "M Ậ T ", "[MẬT]"])
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    text = (unit * (2_000_000 // len(unit)))[:2_000_000]
    began = time.process_time()
    said(text)
    assert time.process_time() - began < 8


@pytest.mark.parametrize(("code", "level"), [("A", "tuyet_mat"), ("B", "toi_mat"), ("C", "mat"), ("D", None)])
def test_the_code_of_protection_in_a_field(code: str, level: str | None) -> None:
    assert recognise([Reading("body", f"Số: 12/SNV-VP\nĐộ mật: {code}\nKính gửi: UBND tỉnh")], ()).level == level


@pytest.mark.parametrize("subject", ["[Mật] Báo cáo", "Fwd: [Tối mật] Báo cáo", "【Tuyệt mật】 Báo cáo"])
def test_a_mark_in_brackets_before_a_subject_may_be_written_small(subject: str) -> None:
    assert recognise([Reading("subject", subject)], ()).level is not None


@pytest.mark.parametrize(
    "subject", ["[Mật ong] giá mới", "Nước uống (Mật)", "[Bảo mật] cập nhật", "[Mật khẩu] đổi ngay"]
)
def test_other_words_in_brackets_are_none(subject: str) -> None:
    assert recognise([Reading("subject", subject)], ()).level is None


@pytest.mark.parametrize("text", ["Từ khóa:\nMẬT\nnghĩa là", "Xin chào\nMẬT\nlà từ của hôm nay"])
def test_a_word_below_running_text_is_no_mark(text: str) -> None:
    assert recognise([Reading("body", text)], ()).level is None


@pytest.mark.parametrize(
    ("mark", "level"),
    [
        ("TỐI MẢT", "toi_mat"), ("TỐI MAT", "toi_mat"), ("TÕI MẬT", "toi_mat"), ("TỐ'I MẬT", "toi_mat"),
        ("TỐI M'ẬT", "toi_mat"),
        ("IỐI MẬT", "toi_mat"), ("TUYỆT MAT", "tuyet_mat"), ("TUYỆI MẬT", "tuyet_mat"), ("IUYET MAT", "tuyet_mat"),
        ("TUYẼT MÃT", "tuyet_mat"), ("TUYỆT MẬI", "tuyet_mat"),
    ],
)  # fmt: skip
def test_a_mark_of_two_words_may_be_read_badly_in_a_letterhead(mark: str, level: str) -> None:
    assert recognise([Reading("body", HEAD.format(mark=mark))], ()).level == level
    assert recognise([Reading("body", f"Chào anh\n{mark}\nmai gặp nhé")], ()).level is None


@pytest.mark.parametrize("word", ["MẮT", "MÁT", "TÔI MUA", "TỐI NAY", "BỆNH VIỆN MẮT", "TAI MŨI", "TỐT MÃ", "TOMAT"])
def test_other_words_in_a_letterhead_are_no_mark(word: str) -> None:
    assert recognise([Reading("body", HEAD.format(mark=word))], ()).level is None


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "MAT", "Mật"])
@pytest.mark.parametrize("where", ["subject", "filename"])
def test_the_words_behind_a_mark_in_brackets_change_nothing(where: str, mark: str) -> None:
    plain, beside = (recognise([Reading(where, f"[{mark}] Báo cáo {word}")], ()) for word in ("tuần", "kỹ thuật"))
    assert (beside.level, beside.score) == (plain.level, plain.score)
