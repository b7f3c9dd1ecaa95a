"""Both hops on a host set up as people do: what forwards itself to Gmail is caught on its way out, and nobody outside
learns of it. Stock Postfix with the instance that egress.py makes, Dovecot with Sieve, our daemon; all of it real."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from support.mailhost import EGRESS, MailHost
from support.sink import Delivery
from support.waiting import wait_until

HERE = Path(__file__).parent
DOMAIN, VIRTUAL = "soyte.hathanh.gov.vn", "sonoivu.hathanh.gov.vn"
LOGIN = f"annv@{DOMAIN}"
OUTSIDER = "citizen@example.com"
REGISTER = """\
version: 1
agencies:
  so-y-te: {{name: Sở Y tế, kind: department, domains: [{0}]}}
  so-noi-vu: {{name: Sở Nội vụ, kind: department, domains: [{1}]}}
mailboxes:
  - {{address: annv@{0}, name: Nguyễn Văn An, agency: so-y-te, role: personal}}
"""


@pytest.fixture(scope="module")
def running() -> Iterator[MailHost]:
    with MailHost("mail", domain=DOMAIN, virtual=VIRTUAL) as host:
        host.connect("submission", "inbound", "egress")
        for name in ("keeps", "aliased", "plain", "annv"):
            host.user(name)
        host.user("forwards", "\\forwards, owner.one@gmail.com")
        host.machine.write("/etc/aliases", "aliased: \\aliased, owner.two@gmail.com\n")
        host.machine.run("postalias", "hash:/etc/aliases")
        host.machine.write(
            "/etc/postfix/virtual",
            f"virtual@{DOMAIN} keeps@{DOMAIN}, owner.three@gmail.com\nonly@{DOMAIN} owner.five@gmail.com\n",
        )
        host.sieve("sieve", 'require ["copy"];\nredirect :copy "owner.four@gmail.com";\n')
        register = host.machine.folder / "register.yaml"
        register.write_text(REGISTER.format(DOMAIN, VIRTUAL), encoding="utf-8")
        notices = {"enabled": True, "smtp": "127.0.0.1:25", "from": f"vanthu@{DOMAIN}", "security": []}
        settings = {"egress": {"enabled": True}, "notices": notices, "own": {"domains": ["hathanh.gov.vn"]}}
        host.start(HERE / "egress_policies", register, settings)
        yield host


@pytest.fixture
def host(running: MailHost) -> Iterator[MailHost]:
    """The host with an empty sink, nothing on hold, and no mark of what other tests have told anybody."""
    running.quiet()
    for entry in running.held():
        running.machine.run("postsuper", "-c", EGRESS, "-d", entry["queue_id"])
    running.sink.deliveries.clear()
    yield running


def letter(subject: str, to: str, sender: str = OUTSIDER) -> bytes:
    head = [f"From: <{sender}>", f"To: {to}", f"Subject: {subject}", f"Message-ID: <{subject.replace(' ', '.')}@x>"]
    return ("\r\n".join(head) + "\r\n\r\nKinh gui anh chi.\r\n").encode()


def counted(host: MailHost, *labels: str, name: str = "vanthu_messages_total") -> float:
    """The sum of a metric's samples that have these labels, once the whole journal is counted."""
    vanthu = host.vanthu
    assert vanthu is not None

    def total(name: str, *labels: str) -> float:
        lines = [line for line in vanthu.page().splitlines() if line.startswith(name + "{")]
        return sum(float(line.rpartition(" ")[2]) for line in lines if all(label in line for label in labels))

    # A notice of an earlier test may still come in, so the journal is read anew each time.
    wait_until(lambda: total("vanthu_messages_total") == len(first_hops(host)))
    return total(name, *labels)


def first_hops(host: MailHost) -> list[dict]:
    assert host.vanthu is not None
    return [one for one in host.vanthu.records() if one["facts"]["hop"]["parent"] is None]


def records(host: MailHost, subject: str) -> list[dict]:
    assert host.vanthu is not None
    return [one for one in host.vanthu.records() if one["facts"]["subject"] == subject]


WAYS = {
    "dot-forward": ("forwards", DOMAIN, "owner.one@gmail.com"),
    "etc-aliases": ("aliased", DOMAIN, "owner.two@gmail.com"),
    "virtual-alias": ("virtual", DOMAIN, "owner.three@gmail.com"),
    "sieve": ("sieve", VIRTUAL, "owner.four@gmail.com"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_forward_to_gmail_is_held_on_its_way_out(host: MailHost, way: str) -> None:
    name, domain, private = WAYS[way]
    mailbox = f"{name}@{domain}"
    subject = f"forwarded by {way}"
    reply = host.send(OUTSIDER, [mailbox], letter(subject, mailbox))
    assert reply.code == 250
    # Sieve sends by the sendmail command, so its copy is judged, and held, in the first instance already.
    folder = "/etc/postfix" if way == "sieve" else EGRESS
    wait_until(lambda: bool(host.held(folder)))
    (held,) = host.held(folder)
    assert [one["address"] for one in held["recipients"]] == [private]
    host.quiet()
    first, second = records(host, subject)
    assert (first["facts"]["hop"], first["facts"]["direction"]) == ({"name": "inbound", "parent": None}, "inbound")
    assert second["facts"]["hop"]["parent"] == first["id"]
    assert second["facts"]["forward"]["kind"] == "automatic"
    assert second["facts"]["forward"]["by"] == mailbox
    assert second["decision"]["verdict"] == "hold"
    # The owner has his copy and is told; the outside sender gets nothing at all.
    wait_until(lambda: len(told(host, mailbox)) == 1)
    assert subject in [mail["Subject"] for mail in mails_of(host)]
    assert not [one for one in host.sink.deliveries if OUTSIDER.encode() in one.recipients]
    assert b"Kinh gui" not in b"".join(one.raw for one in host.sink.deliveries)
    if way == "sieve":
        host.machine.run("postsuper", "-d", held["queue_id"])


def mails_of(host: MailHost) -> list[EmailMessage]:
    """All mails in the mailboxes of those who forward."""
    names = {"keeps", *(name for name, _, _ in WAYS.values())}
    return [message_from_string(text, policy=default) for name in names for text in host.mailbox(name)]


def told(host: MailHost, mailbox: str) -> list[EmailMessage]:
    """The notices to a mailbox."""
    return [mail for mail in mails_of(host) if mail["Auto-Submitted"] and mail["To"] == mailbox]


def test_the_same_mail_is_counted_once(host: MailHost) -> None:
    before = counted(host, 'direction="inbound"')
    mailbox = f"virtual@{DOMAIN}"
    assert host.send(OUTSIDER, [mailbox], letter("counted", mailbox)).code == 250
    wait_until(lambda: len(host.held()) == 1)
    assert len(records(host, "counted")) == 2
    assert counted(host, 'direction="inbound"') == before + 1


def test_a_mail_to_many_offices_is_split_judged_once_and_loses_our_header(host: MailHost) -> None:
    offices = [f"vanthu{number}@xa{number}.danang.gov.vn" for number in range(51)]
    assert host.send(LOGIN, offices, letter("to all", offices[0], LOGIN), login=LOGIN).code == 250
    wait_until(lambda: sum(len(one.recipients) for one in delivered(host, "to all")) == 51)
    (record,) = records(host, "to all")
    assert record["facts"]["hop"] == {"name": "submission", "parent": None}
    assert host.vanthu is not None
    passed = [one["details"] for one in host.vanthu.records("hop") if one["details"]["parent"] == record["id"]]
    assert sorted(one["recipients"] for one in passed) == [1, 50]
    counted(host)  # the metric and the journal agree: what passed the second hop is not counted again
    for delivery in delivered(host, "to all"):
        assert b"x-vanthu" not in delivery.raw.lower()


def delivered(host: MailHost, subject: str) -> list[Delivery]:
    """What the outside got of a mail, and no notice about another."""
    return [one for one in host.sink.deliveries if f"\r\nSubject: {subject}\r\n".encode() in one.raw]


def test_who_passed_before_goes_on_while_the_forwarded_copy_is_taken_out(host: MailHost) -> None:
    citizen, mailbox = "citizen@gmail.com", f"virtual@{DOMAIN}"
    assert host.send(LOGIN, [citizen, mailbox], letter("both", citizen, LOGIN), login=LOGIN).code == 250
    wait_until(lambda: any(b"both" in one.raw for one in host.sink.deliveries))
    host.quiet()
    letters = [one for one in host.sink.deliveries if b"Kinh gui" in one.raw]
    assert [one.recipients for one in letters] == [(citizen.encode(),)]
    _, second = records(host, "both")
    assert second["facts"]["login"] == LOGIN
    assert [one["address"] for one in second["facts"]["recipients"]] == ["owner.three@gmail.com"]
    assert second["decision"]["verdict"] == "strip"
    assert not host.held()


def test_a_code_given_at_submission_holds_at_egress(host: MailHost) -> None:
    citizen = "citizen@gmail.com"
    refused = host.send(LOGIN, [citizen], letter("challenge", citizen, LOGIN), login=LOGIN)
    assert refused.code == 550
    code = refused.text.partition("[LD ")[2][:7]
    again = letter(f"challenge [LD {code}: cong dan hoi]", citizen, LOGIN)
    assert host.send(LOGIN, [citizen, f"virtual@{DOMAIN}"], again, login=LOGIN).code == 250
    wait_until(lambda: any(b"Kinh gui" in one.raw for one in host.sink.deliveries))
    assert host.vanthu is not None
    egress = [one for one in host.vanthu.records() if one["facts"]["hop"]["name"] == "egress"][-1]
    assert egress["facts"]["challenge"]["status"] == "valid"
    assert [hit["id"] for hit in egress["decision"]["rules"]] == ["automatic-forward"]


def test_headers_that_come_from_outside_are_removed_and_counted(host: MailHost) -> None:
    mailbox_mails = len(host.mailbox("plainbox"))
    metric, results = "vanthu_enquiries_total", ("forged", "replayed")
    before = {result: counted(host, f'result="{result}"', name=metric) for result in results}
    target = f"plainbox@{VIRTUAL}"
    forged = b"X-Vanthu-Hop: v1 e30 AAAA\r\nX-Vanthu: accept; id=1\r\n" + letter("forged", target)
    assert host.send(OUTSIDER, [target], forged).code == 250
    wait_until(lambda: len(host.mailbox("plainbox")) == mailbox_mails + 1)
    received = message_from_string(host.mailbox("plainbox")[-1], policy=default)
    assert len(received.get_all("X-Vanthu-Hop", [])) == 1
    assert "AAAA" not in received["X-Vanthu-Hop"]
    assert received["X-Vanthu"] is None
    # What a mailbox got is sent back with its header: a replay.
    replay = f"X-Vanthu-Hop: {received['X-Vanthu-Hop']}\r\n".encode() + letter("forged", target)
    assert host.send(OUTSIDER, [target], replay).code == 250
    wait_until(lambda: len(host.mailbox("plainbox")) == mailbox_mails + 2)
    for result in results:
        assert counted(host, f'result="{result}"', name=metric) == before[result] + 1


def test_who_has_no_mailbox_but_the_forwarded_one_is_told_there(host: MailHost) -> None:
    mailbox = f"only@{DOMAIN}"
    assert host.send(OUTSIDER, [mailbox], letter("no copy stays", mailbox)).code == 250
    wait_until(lambda: len(host.held()) == 1)
    wait_until(lambda: any(b"owner.five@gmail.com" in one.recipients for one in host.sink.deliveries))
    (notice,) = [one for one in host.sink.deliveries if b"owner.five@gmail.com" in one.recipients]
    assert b"auto-replied" in notice.raw
    assert b"Kinh gui" not in notice.raw
    assert b"X-Vanthu-Hop" not in notice.raw


def test_a_held_copy_is_released_where_it_is_held(host: MailHost) -> None:
    mailbox = f"virtual@{DOMAIN}"
    assert host.send(OUTSIDER, [mailbox], letter("released", mailbox)).code == 250
    wait_until(lambda: len(host.held()) == 1)
    (held,) = host.held()
    host.machine.run("postsuper", "-c", EGRESS, "-H", held["queue_id"])
    wait_until(lambda: any(b"owner.three@gmail.com" in one.recipients for one in host.sink.deliveries))
    letters = [one for one in host.sink.deliveries if b"Kinh gui" in one.raw]
    assert [one.recipients for one in letters] == [(b"owner.three@gmail.com",)]
    assert b"x-vanthu" not in letters[0].raw.lower()


def test_without_us_mail_from_outside_comes_in_and_what_leaves_waits(host: MailHost) -> None:
    assert host.vanthu is not None
    count = len(host.mailbox("plainbox"))
    host.vanthu.stop()
    try:
        assert host.send(LOGIN, ["citizen@gmail.com"], letter("away", "x@x", LOGIN), login=LOGIN).code // 10 == 45
        assert host.send(OUTSIDER, [f"plainbox@{VIRTUAL}"], letter("away", "x@x")).code == 250
        wait_until(lambda: len(host.mailbox("plainbox")) == count + 1)
        mailbox = f"virtual@{DOMAIN}"
        assert host.send(OUTSIDER, [mailbox], letter("waits", mailbox)).code == 250
        wait_until(lambda: any(entry["queue_name"] == "deferred" for entry in host.queue()))
        assert not host.sink.deliveries
    finally:
        host.vanthu.start()
    wait_until(lambda: len(host.held()) == 1)
