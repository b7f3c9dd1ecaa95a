import email
import email.policy
import re
from email.message import EmailMessage
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from support import records
from vanthu.facts.model import Forward, Recipient, Secrecy, Sender
from vanthu.journal.reader import read_new
from vanthu.journal.record import Record
from vanthu.journal.writer import Writer
from vanthu.policy.decision import Action, Decision, Mode, RuleHit
from vanthu.projections.notices import Notices, counts, pending
from vanthu.projections.state import State
from vanthu.settings.model import Notices as NoticeSettings

NOW = records.NOON.timestamp() + 60
SETTINGS = NoticeSettings.model_validate({"from": "vanthu@x.gov.vn", "security": ["attt@x.gov.vn"]})


def describe(rule: str) -> tuple[str, str, tuple[str, ...]]:
    return f"Quy tắc {rule}", f"Rule {rule}", ("4504/UBND-CBTH, mục 1",)


def offices(slug: str) -> tuple[str, tuple[str, ...]]:
    return {"so-y-te": ("Sở Y tế", ("lanhdao.soyte@x.gov.vn",))}.get(slug, (slug, ()))


class Office:
    def __init__(self, folder: Path, settings: NoticeSettings = SETTINGS) -> None:
        self.journal = folder / "journal"
        self.journal.mkdir()
        self.state = State(folder / "state")
        self.now = NOW
        self.said: list[str] = []
        self.notices = Notices(
            self.state, settings, describe, ZoneInfo("Asia/Ho_Chi_Minh"), self.said.append, lambda: self.now, offices
        )
        self.writer = Writer(self.journal, "mx1", sync="none")

    def tell(self, *lines: Record) -> list[EmailMessage]:
        for line in lines:
            self.writer.append(line)
        cursor = self.notices.cursor()
        self.notices.take(read_new(self.journal, cursor), cursor)
        return self.outbox()

    def outbox(self) -> list[EmailMessage]:
        rows = self.state.connection.execute("SELECT mail FROM notices ORDER BY message_id")
        return [email.message_from_bytes(mail, policy=email.policy.default) for (mail,) in rows]  # type: ignore[misc]

    def counts(self) -> dict[tuple[str, ...], float]:
        return dict(counts(self.state))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def hit(action: Action = "strip", mode: Mode = "enforce", rule: str = "official-to-public", **facts: Any) -> Record:
    notify = facts.pop("notify", ())
    decision = Decision(
        action if mode == "enforce" else "accept", (action,), (RuleHit(rule, mode, action, (0,)),), notify=notify
    )
    return records.message(decision=decision, **facts)


def text(mail: EmailMessage) -> str:
    plain = mail.get_body(("plain",))
    assert plain is not None
    content: str = plain.get_content()
    return content


def test_a_stripped_recipient_is_told_to_the_sender_in_two_languages(office: Office) -> None:
    record = hit()
    (mail,) = office.tell(record)
    assert mail["To"] == "an@soyte.x.gov.vn"
    assert mail["From"] == "vanthu@x.gov.vn"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Vanthu-Notice"] == "sender"
    assert mail["Message-ID"].startswith(f"<{record.id}.sender.") and mail["Message-ID"].endswith("@x.gov.vn>")
    body = text(mail)
    for part in (
        "Thư không được gửi tới", "b@gmail.com", "Quy tắc official-to-public (căn cứ: 4504/UBND-CBTH, mục 1)",
        "Báo cáo tuần", "12:00 ngày 20/11/2026", "Rule official-to-public (basis: 4504/UBND-CBTH, mục 1)",
    ):  # fmt: skip
        assert part in body
    assert body.count(record.id) == 2
    assert body.index("Mã thư") < body.index("Reference:")
    assert max(map(len, body.splitlines())) <= 76


@pytest.mark.parametrize(
    "record",
    [
        hit(mode="shadow"),
        hit("count"),
        hit("reject"),
        hit(sender=Sender("", registered=False), origin="trusted", login=None),
        hit(origin="outside", login=None),
        hit(login=None, origin="trusted", sender=Sender("a@gmail.com", class_="public")),
        hit(sender=Sender("a@gmail.com", class_="public")),
        hit(forward=Forward("automatic", 1.0, by="an@soyte.x.gov.vn", agency="so-y-te")),
        records.message(),
        records.event("worker", reason="signal_9"),
    ],
    ids=["shadow", "count", "reject", "null", "outside", "unknown", "foreign", "automatic", "clean", "worker"],
)
def test_nobody_is_told_who_should_not_be(office: Office, record: Record) -> None:
    assert office.tell(record) == []


def test_a_pickup_sender_in_the_register_is_told(office: Office) -> None:
    assert len(office.tell(hit(login=None, origin="pickup"))) == 1


def test_a_reject_is_told_where_the_rule_says_so(office: Office) -> None:
    mails = office.tell(hit("reject", notify=("sender", "security")))
    assert sorted(str(mail["To"]) for mail in mails) == ["an@soyte.x.gov.vn", "attt@x.gov.vn"]


def test_only_who_was_stripped_is_named_as_stripped(office: Office) -> None:
    rules = (RuleHit("a", "enforce", "strip", (0,)), RuleHit("b", "enforce", "warn", (1,)))
    people = (Recipient("b@gmail.com", "gmail.com", "public"), Recipient("c@firm.example", "firm.example", "hosted"))
    decision = Decision("strip", ("strip", "warn"), rules)
    (mail,) = office.tell(records.message(decision=decision, recipients=people))
    assert "b@gmail.com" in text(mail)
    assert "c@firm.example" not in text(mail)


def test_a_challenge_that_was_carried_out_as_hold_is_told_as_hold(office: Office) -> None:
    (mail,) = office.tell(hit("challenge"))
    assert "Thư đang được giữ lại" in text(mail)


def test_a_challenge_tells_the_sender_his_code_and_nobody_else(office: Office) -> None:
    record = hit("challenge", notify=("sender", "security"))
    assert record.decision is not None
    reply = "550 5.7.1 send it again with [LD 7F3K2MQ: your reason] in the subject"
    told = office.tell(msgspec.structs.replace(record, decision=record.decision.with_reply(reply)))
    by_kind = {mail["X-Vanthu-Notice"]: " ".join(text(mail).split()) for mail in told}
    assert "[LD 7F3K2MQ: lý do]" in by_kind["sender"]
    assert "[LD 7F3K2MQ: your reason]" in by_kind["sender"]
    assert "Thư chưa được gửi đi" in by_kind["sender"]
    assert "7F3K2MQ" not in by_kind["security"]


def test_who_sends_under_anothers_name_is_told_himself(office: Office) -> None:
    sender = Sender("an@x.gov.vn", matches_login=False, class_="official", registered=True)
    (mail,) = office.tell(hit(sender=sender, login="binh@x.gov.vn"))
    assert mail["To"] == "binh@x.gov.vn"


def test_only_the_forwarding_mailbox_hears_of_an_automatic_forward(office: Office) -> None:
    forward = Forward("automatic", 1.0, by="an@soyte.x.gov.vn", agency="so-y-te")
    sender = Sender("citizen@gmail.com", class_="public")
    (mail,) = office.tell(hit(forward=forward, sender=sender, login=None, origin="trusted", notify=("forwarder",)))
    assert (mail["To"], mail["X-Vanthu-Notice"]) == ("an@soyte.x.gov.vn", "forwarder")


def test_a_secret_is_not_repeated_and_the_advice_is_another(office: Office) -> None:
    record = hit("reject", notify=("sender", "security"), subject="Kế hoạch A", secrecy=Secrecy("mat", 0.9))
    for mail in office.tell(record):
        assert "Kế hoạch A" not in text(mail)
        assert "Không gửi lại" in text(mail)
        assert "Do not send this message again" in text(mail)


def test_one_notice_a_rule_and_hour_and_the_rest_in_a_digest(office: Office) -> None:
    first, *rest = [hit() for _ in range(4)]
    assert len(office.tell(first, *rest)) == 1
    assert office.counts() == {("sender", "digested"): 3}
    assert pending(office.state) == 4
    assert office.notices.sweep() == 0
    office.now += 3601
    assert office.notices.sweep() == 1
    summary = office.outbox()[-1]
    assert all(record.id in text(summary) for record in rest)
    assert first.id not in text(summary)
    assert pending(office.state) == 2
    assert len(office.tell(hit())) == 2, "the digest opens an hour of its own"
    office.now += 3601
    office.notices.sweep()
    assert len(office.tell(hit())) == 3


def test_another_rule_is_news(office: Office) -> None:
    assert len(office.tell(hit(), hit(rule="forward-to-public"))) == 2


def test_old_records_are_no_news(office: Office) -> None:
    office.now += 3 * 86_400
    assert office.tell(hit()) == []
    assert office.counts() == {("sender", "expired"): 1}


def test_switched_off_means_that_nothing_is_kept_for_later(tmp_path: Path) -> None:
    office = Office(tmp_path, NoticeSettings(enabled=False))
    assert office.tell(hit()) == []
    assert office.notices.cursor() != {}


def test_reading_a_batch_again_makes_the_same_notice(office: Office) -> None:
    office.writer.append(hit())
    batch = read_new(office.journal, {})
    for _ in range(2):
        office.notices.take(batch, {})
        office.state.connection.execute("DELETE FROM windows")
    assert len(office.outbox()) == 1


def test_nothing_from_mail_can_forge_a_notice(office: Office) -> None:
    evil = "x\r\nBcc: all@x.gov.vn\r\n\r\n\x1b[31mClick here"
    (mail,) = office.tell(hit(subject=evil, recipients=(Recipient(evil + "@gmail.com", "gmail.com", "public"),)))
    assert mail["Bcc"] is None
    assert "\x1b" not in text(mail)
    assert not any(line.startswith("Bcc:") for line in text(mail).splitlines())


def test_an_odd_record_does_not_silence_the_notices_after_it(office: Office) -> None:
    odd = hit(rule="gone")
    office.notices._describe = lambda rule: describe(rule) if rule != "gone" else 1 / 0  # type: ignore[assignment,return-value]
    assert len(office.tell(odd, hit())) == 1
    assert len(office.said) == 1 and odd.id in office.said[0]


def told(mails: list[EmailMessage]) -> set[tuple[str, str]]:
    return {(mail["X-Vanthu-Notice"], str(mail["To"])) for mail in mails}


def test_an_agency_is_told_at_its_contact_in_the_register(office: Office) -> None:
    (mail,) = office.tell(hit("reject", notify=("agency",)))
    assert told([mail]) == {("agency", "lanhdao.soyte@x.gov.vn")}
    assert "vanthu explain --record" in text(mail)


def test_an_agency_without_a_contact_is_told_through_the_security_team(office: Office) -> None:
    sender = Sender("an@x.gov.vn", class_="official", registered=True, agency="so-noi-vu")
    assert told(office.tell(hit("reject", notify=("agency",), sender=sender))) == {("security", "attt@x.gov.vn")}


def test_both_are_told_where_the_rule_names_both(office: Office) -> None:
    mails = office.tell(hit("reject", notify=("agency", "security")))
    assert told(mails) == {("agency", "lanhdao.soyte@x.gov.vn"), ("security", "attt@x.gov.vn")}


def test_whose_agency_it_is_as_in_a_rollout(office: Office) -> None:
    outside = Sender("dan@gmail.com", class_="public")
    people = (Recipient("an@soyte.x.gov.vn", "soyte.x.gov.vn", "official", agency="so-y-te"),)
    inbound = hit(
        "warn", notify=("agency",), sender=outside, recipients=people, direction="inbound", origin="outside"
    )
    forward = Forward("automatic", 1.0, by="an@soyte.x.gov.vn", agency="so-y-te")
    forwarded = hit("strip", notify=("agency",), rule="auto", sender=outside, forward=forward, origin="outside")
    for record in (inbound, forwarded):
        assert ("agency", "lanhdao.soyte@x.gov.vn") in told(office.tell(record))


def test_text_and_html_say_the_same(office: Office) -> None:
    (mail,) = office.tell(hit(subject="<b>5 & 6</b>"))
    html = mail.get_body(("html",))
    assert html is not None
    page = html.get_content()
    assert "&lt;b&gt;5 &amp; 6&lt;/b&gt;" in page
    assert "<li>b@gmail.com</li>" in page
    assert page.index('lang="vi"') < page.index('lang="en"')
    words = " ".join(re.sub(r"<[^>]*>", " ", page.partition("<body")[2].partition(">")[2]).split())
    assert unescape(words) == " ".join(text(mail).replace("----", "").replace("\n- ", "\n").split())
