"""Honest work that must never be in the way: each with the facts from which the shipped policy lets it pass."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from facts.samples_house import OFFICIAL, TIME, facts_of, mail
from vanthu.answers import Known as Answered
from vanthu.facts.asked import Asked
from vanthu.facts.conversation import Acquaintance
from vanthu.facts.model import Conversation, Facts

LETTER = """UBND TỈNH HÀ THÀNH          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
SỞ Y TẾ                             Độc lập - Tự do - Hạnh phúc
Số: 815/SYT-NVY                     Hà Thành, ngày 05 tháng 3 năm 2026
V/v trả lời đơn của công dân

Kính gửi: Ông Trần Văn Bình

Sở Y tế nhận được đơn của ông ngày 02/3/2026. Sau khi xem xét, Sở trả lời như sau./.

Nơi nhận:                           KT. GIÁM ĐỐC
- Như trên;                         PHÓ GIÁM ĐỐC
- Lưu: VT.                          Lê Thị Thanh Hoa
"""
PUBLIC_SERVICE, AGENCY = "motcua@soyte.hathanh.gov.vn", "soyte@hathanh.gov.vn"


def nothing_found(facts: Facts) -> bool:
    return not facts.official.documents and facts.secrecy.level is None and facts.forward.kind == "none"


@pytest.mark.parametrize(("sender", "role"), [(PUBLIC_SERVICE, "public_service"), (AGENCY, "agency")])
def test_an_office_answers_a_citizen_on_gmail(sender: str, role: str) -> None:
    raw = mail(
        LETTER,
        subject="Re: Đơn xin cấp phép",
        to="Tran Van Binh <binhtv1970@gmail.com>",
        from_=sender,
        headers={"In-Reply-To": "<1@mail.gmail.com>"},
    )
    facts = facts_of(raw, sender=sender, login=sender, recipients=["binhtv1970@gmail.com"])
    (recipient,) = facts.recipients
    assert (facts.sender.role, facts.direction) == (role, "outbound")
    assert (recipient.class_, recipient.relation) == ("public", "none")
    assert [(one.number, one.own_issue) for one in facts.official.documents] == [("815", True)]
    assert facts.forward.kind == "none"
    # Nobody has told us of the conversation: that is unknown, and not "no reply".
    assert "/recipients/0/conversation" in {one.fact for one in facts.unavailable}


class Known:
    """A table in which this citizen wrote to the office first, by this mail."""

    def __init__(self, outside: str, message_id: str) -> None:
        self.outside, self.message_id = outside, message_id

    def between(self, ours: str, outside: str) -> Acquaintance | None:
        known = (ours, outside) in ((PUBLIC_SERVICE, self.outside), ("so-y-te", self.outside))
        return Acquaintance("outside", TIME - timedelta(days=3)) if known else None

    def wrote(self, message_id: str, outside: str, ours: str) -> bool:
        return (message_id.strip("<>"), outside) == (self.message_id, self.outside)


@pytest.mark.parametrize("sender", [PUBLIC_SERVICE, AGENCY, OFFICIAL])
@pytest.mark.parametrize(("answers", "reply"), [("<1@mail.gmail.com>", True), ("<2@mail.gmail.com>", False)])
def test_an_answer_in_a_conversation_that_a_citizen_started(sender: str, answers: str, reply: bool) -> None:
    citizen = "binhtv1970@gmail.com"
    raw = mail(LETTER, subject="Re: Đơn", to=citizen, from_=sender, headers={"In-Reply-To": answers})
    asked = Asked(correspondents=Known(citizen, "1@mail.gmail.com"))
    facts = facts_of(raw, sender=sender, login=sender, recipients=[citizen], asked=asked)
    told = facts.recipients[0].conversation
    assert (told.started_by, told.reply, told.days) == ("outside", reply, 3)
    # The same answer to somebody else excuses nothing.
    other = facts_of(raw, sender=sender, login=sender, recipients=["khac@gmail.com"], asked=asked)
    assert other.recipients[0].conversation == Conversation()


@pytest.mark.parametrize(
    ("domain", "exchanger", "family"),
    [
        ("minhphat.com.vn", "aspmx.l.google.com", "google"),
        ("benhvien-anbinh.vn", "benhvien-anbinh-vn.mail.protection.outlook.com", "microsoft"),
        ("truong-nguyendu.vn", "smtp.google.com", "google"),
    ],
)
def test_a_firm_a_hospital_and_a_school_at_google_or_microsoft_are_hosted(
    domain: str, exchanger: str, family: str
) -> None:
    address = f"lienhe@{domain}"
    asked = Asked(exchangers={domain: Answered((exchanger,))})
    (recipient,) = facts_of(mail(LETTER, to=address), recipients=[address], asked=asked).recipients
    assert (recipient.class_, recipient.family, recipient.relation) == ("hosted", family, "none")


def test_a_school_below_edu_vn_is_never_asked_about() -> None:
    """Nobody gets a free mailbox there, whoever hosts it."""
    asked = Asked(exchangers={"nguyendu.edu.vn": Answered(("aspmx.l.google.com",))})
    (recipient,) = facts_of(mail(LETTER), recipients=["lienhe@nguyendu.edu.vn"], asked=asked).recipients
    assert recipient.class_ == "other"


def test_a_published_text_is_known_by_its_hash() -> None:
    published = b"%PDF-1.4\n% Quyet dinh da dang Cong bao\n%%EOF\n"
    raw = mail("Gửi báo văn bản đã đăng.", files=[("QD.pdf", "application/pdf", published)])
    (attachment,) = facts_of(raw, recipients=["toasoan@vnexpress.net"]).attachments
    assert attachment.sha256 == hashlib.sha256(published).hexdigest()


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Lịch khám", "Chào chị, mời chị đến khám lúc 8h thứ Hai, mang theo thẻ bảo hiểm và kết quả xét nghiệm cũ."),
        (
            "Kết quả phỏng vấn",
            "Chào bạn Nguyễn Thị Lan, Sở mời bạn đến nhận việc. Mang theo bản sao bằng tốt nghiệp.",
        ),
    ],
)
def test_a_patient_and_an_applicant_get_a_letter_that_is_no_document(subject: str, text: str) -> None:
    facts = facts_of(mail(text, subject=subject, to="lanmoon95@gmail.com"), recipients=["lanmoon95@gmail.com"])
    assert nothing_found(facts)
    assert facts.recipients[0].relation == "none"


def test_a_firm_with_its_own_domain_is_not_a_public_mailbox() -> None:
    facts = facts_of(mail(LETTER, to="ketoan@minhphat.com.vn"), recipients=["ketoan@minhphat.com.vn"])
    assert facts.recipients[0].class_ == "other"
    assert facts.recipients[0].relation == "none"


def test_a_journalist_gets_a_text_that_cites_numbers() -> None:
    text = (
        "Kính gửi anh, theo Nghị định số 30/2020/NĐ-CP và công văn 815/SYT-NVY, Sở đã trả lời. "
        "Anh dùng được cho bài báo ngày mai nhé."
    )
    assert nothing_found(facts_of(mail(text, subject="Trả lời báo chí"), recipients=["toasoan@vnexpress.net"]))


def test_a_law_that_is_passed_around_is_legal() -> None:
    text = """CHÍNH PHỦ
-------
Số: 30/2020/NĐ-CP
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Hà Nội, ngày 05 tháng 3 năm 2020

NGHỊ ĐỊNH
Về công tác văn thư

Căn cứ Luật Tổ chức Chính phủ ngày 19 tháng 6 năm 2015;
Căn cứ Luật Lưu trữ ngày 11 tháng 11 năm 2011;
Điều 1. Phạm vi điều chỉnh
"""
    facts = facts_of(mail(text))
    assert [one.stage for one in facts.official.documents] == ["legal"]


@pytest.mark.parametrize("address", ["kiemtoan.abc@gmail.com", "duthau.xaydung@gmail.com"])
def test_a_bidder_and_an_auditor_are_told_by_their_address_only(address: str) -> None:
    (recipient,) = facts_of(mail("Gửi anh hồ sơ mời thầu.", to=address), recipients=[address]).recipients
    assert (recipient.address, recipient.class_, recipient.relation) == (address, "public", "none")


@pytest.mark.parametrize("address", ["cong-nghe-ubnd@googlegroups.com", "sukien+unsubscribe@googlegroups.com"])
def test_a_google_group_is_a_list(address: str) -> None:
    assert facts_of(mail("Họp lúc 8h.", to=address), recipients=[address]).recipients[0].class_ == "list"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Ve may bay", "Vé điện tử\nMã đặt chỗ: ABC123\nTừ: Hà Nội\nĐến: Đà Nẵng\nNgày: 12/3/2026\nGiờ: 08:30"),
        (
            "Phiếu lương tháng 2/2026",
            "PHIẾU LƯƠNG THÁNG 2/2026\nHọ và tên: Nguyễn Văn An\nHệ số: 3.33\nPhụ cấp: 0.3\nThực lĩnh: 9.120.000 đ",
        ),
    ],
)
def test_own_ticket_and_payslip_to_own_gmail(subject: str, text: str) -> None:
    own = "an.rieng77@gmail.com"
    facts = facts_of(mail(text, subject=subject, to=own), recipients=[own])
    assert facts.recipients[0].relation == "self_declared"
    assert nothing_found(facts)


def test_a_citizen_who_sends_a_decision_in_is_inbound() -> None:
    citizen = "binhtv1970@gmail.com"
    raw = mail(LETTER, from_=citizen, to=PUBLIC_SERVICE)
    facts = facts_of(raw, sender=citizen, login=None, origin="outside", recipients=[PUBLIC_SERVICE])
    assert (facts.direction, facts.sender.class_, facts.sender.registered) == ("inbound", "public", False)
    assert len(facts.official.documents) == 1  # counted only


BOUNCE = (
    "The following message to <ban@gmail.com> was undeliverable.\n\n----- Original message -----\n"
    f"From: {OFFICIAL}\nTo: ban@gmail.com\nSubject: CV 815/SYT-NVY\nDate: Mon, 28 Sep 2026 10:00:00 +0700\n"
)


@pytest.mark.parametrize(
    ("subject", "text", "headers", "sender"),
    [
        (
            "Undelivered Mail Returned to Sender",
            BOUNCE,
            {"Auto-Submitted": "auto-replied", "X-Failed-Recipients": "ban@gmail.com"},
            "",
        ),
        ("Accepted: Họp giao ban", "Nguyễn Văn An đã chấp nhận lời mời.", {"Auto-Submitted": "auto-replied"}, ""),
        (
            "Trả lời tự động: nghỉ phép",
            "Tôi nghỉ phép từ ngày 12 đến ngày 15/3/2026, việc gấp xin gọi văn phòng.",
            {"Auto-Submitted": "auto-replied", "X-Autoreply": "yes"},
            "",
        ),
        (
            "Cron <root@may1> backup",
            "done 12/3/2026 01:00",
            {"Auto-Submitted": "auto-generated"},
            "root@hathanh.gov.vn",
        ),
    ],
)
def test_machines_that_answer_forward_nothing(subject: str, text: str, headers: dict[str, str], sender: str) -> None:
    raw = mail(text, subject=subject, headers=headers, from_=sender or "MAILER-DAEMON@hathanh.gov.vn")
    facts = facts_of(raw, sender=sender, login=None, origin="trusted")
    assert facts.forward.kind == "none"
    assert facts.secrecy.level is None
    assert facts.sender.address == sender


def test_a_scanner_sends_a_picture_and_no_text() -> None:
    raw = mail(
        "Tài liệu quét từ máy Ricoh MP 4055.",
        subject="Message from RICOH",
        files=[("scan0001.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n")],
        from_="scan@soyte.hathanh.gov.vn",
    )
    facts = facts_of(raw, sender="scan@soyte.hathanh.gov.vn", login=None, origin="trusted")
    assert nothing_found(facts)
    assert [one.type for one in facts.attachments] == ["application/pdf"]


@pytest.mark.parametrize("mark", ["HỎA TỐC", "HOẢ TỐC", "HỎA TỐC HẸN GIỜ"])
def test_a_storm_warning_says_that_it_is_urgent(mark: str) -> None:
    text = LETTER.replace("V/v trả lời đơn của công dân\n", f"V/v ứng phó bão số 5\n\n{mark}\n")
    (document,) = facts_of(mail(text)).official.documents
    assert document.urgency == "hoa_toc"


def test_a_denunciation_is_a_letter_of_a_person() -> None:
    text = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc

ĐƠN TỐ CÁO

Kính gửi: Thanh tra tỉnh Hà Thành

Tôi tên là: Trần Thị Mai, sinh năm 1975, thường trú tại xã Tân Lập.
Tôi làm đơn này tố cáo ông Nguyễn Văn X có hành vi vi phạm pháp luật.
Tôi xin cam đoan nội dung trên là đúng sự thật.
Người làm đơn
Trần Thị Mai
"""
    facts = facts_of(mail(text, to="thanhtra@hathanh.gov.vn"), recipients=["thanhtra@hathanh.gov.vn"])
    assert facts.direction == "internal"
    assert nothing_found(facts)
