"""Mail passes unharmed: what others have signed verifies behind us with their own tools, and every octet arrives that
arrives without us. Reference is the same Postfix, through a port that has no milter."""

from __future__ import annotations

import base64
import os
import re
import signal
import smtplib
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from support.authority import Authority, sign_mail
from support.places import free_port, open_folder
from support.postfix import Listener, Postfix, milter
from support.sink import Sink
from support.vanthu import Vanthu

HERE = Path(__file__).parent
REGISTER = HERE.parents[1] / "deploy" / "demo" / "register.yaml"
SENDER, RECIPIENT = "annv@soyte.hathanh.gov.vn", "hoatt@soyte.hathanh.gov.vn"
TEXT = "Kính gửi các sở,\r\nĐề nghị báo cáo trước ngày 30/11.\r\n  .\r\n.\r\n..dòng có chấm\r\n\r\nTrân trọng.\r\n"
HEAD = (
    f"From: =?utf-8?B?{base64.b64encode('Nguyễn Văn An'.encode()).decode()}?= <{SENDER}>\r\n"
    f"To: {RECIPIENT}\r\nSubject:  =?utf-8?Q?b=C3=A1o_c=C3=A1o?=  hai  khoang\r\n"
    "Date: Mon, 23 Nov 2026 08:00:00 +0700\r\nMessage-ID: <1@soyte.hathanh.gov.vn>\r\n"
)


@dataclass(frozen=True, slots=True)
class Way:
    """A Postfix with two ports: ``filtered`` asks vanthu, ``bare`` nobody."""

    vanthu: Vanthu
    postfix: Postfix
    sink: Sink

    def send(self, port: str, raw: bytes, *, chunks: int = 0, options: tuple[str, ...] = (), **to: str) -> bytes:
        """The mail as it has arrived, without the trace of the way. ``chunks``: by BDAT (RFC 3030), in so many."""
        before = len(self.sink.deliveries)
        with smtplib.SMTP("127.0.0.1", self.postfix.ports[port], timeout=60) as connection:
            connection.ehlo("client.example")
            connection.command_encoding = "utf-8"
            code, text = connection.mail(to.get("sender", SENDER), options)
            assert code == 250, text
            code, text = connection.rcpt(to.get("recipient", RECIPIENT))
            assert code == 250, text
            code, text = _bdat(connection, raw, chunks) if chunks else _data(connection, raw)
            assert code == 250, text
        return without_trace(self.sink.wait_for(before + 1, 30)[before].raw)

    def signatures(self) -> list[tuple[str, str, str | None]]:
        """What the last record says of signatures."""
        facts = max(self.vanthu.records(), key=lambda one: str(one["time"]))["facts"]
        return [(one["kind"], one["status"], one["signer"]) for one in facts["signatures"]]


def _data(connection: smtplib.SMTP, raw: bytes) -> tuple[int, bytes]:
    """smtplib's own would mend line ends."""
    code, text = connection.docmd("DATA")
    assert code == 354, text
    stuffed = re.sub(rb"(?m)^\.", b"..", raw)
    connection.send(stuffed + (b"" if raw.endswith(b"\r\n") else b"\r\n") + b".\r\n")
    return connection.getreply()


def _bdat(connection: smtplib.SMTP, raw: bytes, chunks: int) -> tuple[int, bytes]:
    size = len(raw) // chunks + 1
    pieces = [raw[at : at + size] for at in range(0, len(raw), size)] or [b""]
    reply = (0, b"")
    for number, piece in enumerate(pieces, 1):
        connection.send(b"BDAT %d%s\r\n" % (len(piece), b" LAST" if number == len(pieces) else b"") + piece)
        reply = connection.getreply()
        assert reply[0] == 250, reply
    return reply


# Postfix adds Message-Id and Date where there are none (always_add_missing_headers, local_header_rewrite_clients).
_TRACE = re.compile(rb"Received:|X-Vanthu|Message-Id: <[^>]+@mail\.lab\.example>|Date: .*\(\w+\)$")


def without_trace(raw: bytes) -> bytes:
    """Without what tells the way: the fields of the MTA, and ours."""
    head, separator, body = raw.partition(b"\r\n\r\n")
    fields = re.split(rb"\r\n(?![ \t])", head)
    return b"\r\n".join(one for one in fields if not _TRACE.match(one)) + separator + body


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("Root CA")


@pytest.fixture(scope="module")
def way(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    trust = authority.folder(tmp_path_factory.mktemp("trust"))
    trust.parent.chmod(0o755)
    settings: dict[str, Any] = {"documents": {"trust": str(trust), "ocr": "off"}}
    with ExitStack() as stack:
        vanthu = stack.enter_context(Vanthu(policies=HERE / "policies", register=REGISTER, settings=settings))
        sink = stack.enter_context(Sink(free_port()))
        listeners = [
            Listener("filtered", milters=milter(vanthu.socket), daemon_name="submission"),
            Listener("bare"),
        ]
        yield Way(vanthu, stack.enter_context(Postfix(listeners, next_hop=sink.port)), sink)


def lines_of(content: bytes) -> bytes:
    """In base64, with the line ends of mail."""
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


# DKIM.

KEY = rsa.generate_private_key(65537, 2048)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
)


def _dns(name: bytes, timeout: int = 5) -> bytes:
    return b"v=DKIM1; k=rsa; p=" + PUBLIC


@pytest.mark.parametrize("header", [b"relaxed", b"simple"])
@pytest.mark.parametrize("body", [b"relaxed", b"simple"])
@pytest.mark.parametrize("sender", [SENDER, "office@elsewhere.example"])
def test_dkim_of_others(way: Way, header: bytes, body: bytes, sender: str) -> None:
    raw = (HEAD + "X-Folded: one\r\n\ttwo  \r\n  three\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n").encode()
    raw += TEXT.encode() + b"  trailing blanks \t\r\n\r\n\r\n"
    field = dkim.sign(raw, b"s1", b"elsewhere.example", PRIVATE, canonicalize=(header, body))
    arrived = way.send("filtered", field + raw, options=("BODY=8BITMIME",), sender=sender)
    assert dkim.verify(arrived, dnsfunc=_dns)
    assert not dkim.verify(arrived.replace(b"30/11", b"31/11"), dnsfunc=_dns)


# S/MIME.

ENTITY = (
    "Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\nContent-Type: text/plain; charset=utf-8\r\n"
    f"Content-Transfer-Encoding: 8bit\r\n\r\n{TEXT}--in\r\nContent-Type: application/pdf; name=a.pdf\r\n"
    f"Content-Transfer-Encoding: base64\r\n\r\n{lines_of(os.urandom(3000)).decode()}\r\n--in--\r\n"
).encode()


@pytest.mark.parametrize("options", [(), ("-nodetach",)], ids=["detached", "opaque"])
def test_smime_of_others(way: Way, authority: Authority, options: tuple[str, ...], tmp_path: Path) -> None:
    who = authority.issue("Nguyễn Văn An", email=SENDER)
    signed = sign_mail(ENTITY, who, "-binary", *options)
    raw = re.sub(rb"\r?\n", b"\r\n", HEAD.encode() + signed)
    arrived = way.send("filtered", raw)
    assert way.signatures() == [("smime", "valid", "Nguyễn Văn An")]
    root = authority.folder(tmp_path) / "root.pem"
    checked = subprocess.run(
        ["openssl", "cms", "-verify", "-CAfile", str(root)], input=arrived, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout == ENTITY


@pytest.mark.parametrize("change", [(b"30/11", b"31/11"), (b"Content-Transfer-Encoding: 8bit", b"X-Other: 8bit")])
def test_a_tampered_one_is_known_as_such(way: Way, authority: Authority, change: tuple[bytes, bytes]) -> None:
    who = authority.issue("Nguyễn Văn An")
    raw = re.sub(rb"\r?\n", b"\r\n", HEAD.encode() + sign_mail(ENTITY, who, "-binary"))
    assert change[0] in raw
    way.send("filtered", raw.replace(*change))
    assert way.signatures() == [("smime", "invalid", "Nguyễn Văn An")]


def test_an_authority_that_is_put_into_the_folder_counts_from_the_next_reload(way: Way) -> None:
    other = Authority("Other CA")
    raw = re.sub(rb"\r?\n", b"\r\n", HEAD.encode() + sign_mail(ENTITY, other.issue("B"), "-binary"))
    way.send("filtered", raw)
    assert way.signatures() == [("smime", "unverifiable", "B")]
    folder = Path(way.vanthu.settings["documents"]["trust"])
    (folder / "other.pem").write_bytes(other.certificate.public_bytes(serialization.Encoding.PEM))
    way.vanthu.signal(signal.SIGHUP)
    end = time.monotonic() + 60
    while way.signatures() == [("smime", "unverifiable", "B")]:  # by workers and a broker that are about to leave
        assert time.monotonic() < end
        way.send("filtered", raw)
    assert way.signatures() == [("smime", "valid", "B")]


# OpenPGP.


@pytest.fixture
def gpg() -> Iterator[Callable[..., subprocess.CompletedProcess[bytes]]]:
    with open_folder("gpg") as home:
        home.chmod(0o700)

        def run(*arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
            command = ["gpg", "--homedir", str(home), "--batch", "--no-tty", "--passphrase", "", *arguments]
            return subprocess.run(command, input=data, capture_output=True, check=False)

        made = run("--quick-generate-key", f"Nguyen Van An <{SENDER}>", "ed25519", "sign", "never")
        assert made.returncode == 0, made.stderr
        yield run
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], capture_output=True, check=False)


def test_pgp_mime_of_others(way: Way, gpg: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path) -> None:
    body = lines_of(TEXT.encode())
    part = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body
    signature = gpg("--armor", "--detach-sign", "--sender", SENDER, data=part).stdout.replace(b"\n", b"\r\n")
    raw = HEAD.encode() + (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/signed; micalg=pgp-sha512; boundary="sig";\r\n'
        b'\tprotocol="application/pgp-signature"\r\n\r\n--sig\r\n' + part + b"\r\n--sig\r\n"
        b"Content-Type: application/pgp-signature; name=signature.asc\r\n\r\n" + signature + b"\r\n--sig--\r\n"
    )
    arrived = way.send("filtered", raw)
    assert way.signatures() == [("pgp", "present", SENDER)]
    pieces = arrived.split(b"--sig")
    (tmp_path / "part").write_bytes(pieces[1].removeprefix(b"\r\n").removesuffix(b"\r\n"))
    (tmp_path / "part.asc").write_bytes(pieces[2].partition(b"\r\n\r\n")[2])
    checked = gpg("--verify", str(tmp_path / "part.asc"), str(tmp_path / "part"))
    assert checked.returncode == 0, checked.stderr


def test_inline_pgp_of_others(way: Way, gpg: Callable[..., subprocess.CompletedProcess[bytes]]) -> None:
    signed = gpg("--clear-sign", data=TEXT.encode()).stdout
    raw = HEAD.encode() + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + re.sub(rb"\r?\n", b"\r\n", signed)
    arrived = way.send("filtered", raw, options=("BODY=8BITMIME",))
    assert [one[:2] for one in way.signatures()] == [("pgp", "present")]
    assert gpg("--verify", data=arrived.partition(b"\r\n\r\n")[2]).returncode == 0


# Octets.

LONG = b"x" * 5000
PLAIN = HEAD.encode() + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
ODD = {
    "8bit body": PLAIN + TEXT.encode(),
    "8bit that is no UTF-8": PLAIN + bytes(range(128, 256)) + b"\r\n",
    "raw 8bit header": HEAD.encode() + "Subject: Báo cáo\r\nX-Latin: ".encode() + b"\xe9\xff\r\n\r\ntext\r\n",
    "line over 998": PLAIN + LONG + b"\r\nend\r\n",
    "header line over 998": HEAD.encode() + b"X-Long: " + LONG + b"\r\n\r\ntext\r\n",
    "NUL bytes": PLAIN + b"a\0b\0\0\r\n\0\r\nend\r\n",
    "bare LF": PLAIN + b"one\ntwo\n\nthree\r\n",
    "bare CR": PLAIN + b"one\rtwo\r\r\nthree\r\n",
    "no body": HEAD.encode(),
    "no header": b"\r\nonly a body\r\n",
    "no line end at the end": PLAIN + b"end",
    "empty": b"",
    "dots": PLAIN + b".\r\n..\r\n. \r\n",
    "blank lines at the end": PLAIN + b"text\r\n" + b"\r\n" * 50,
    "strange fields": b"X: 1\r\nfrom :a@b\r\nX:2\r\n\tfolded\r\n \r\n more\r\nno field at all\r\n\r\nbody\r\n",
    "many fields": HEAD.encode() + b"".join(b"X-%d: %d\r\n" % (one, one) for one in range(700)) + b"\r\nbody\r\n",
}


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("chunks", [0, 1, 3], ids=["DATA", "BDAT", "BDAT in pieces"])
def test_every_octet_arrives(way: Way, what: str, chunks: int) -> None:
    raw = ODD[what]
    expected = way.send("bare", raw, chunks=chunks, options=("BODY=8BITMIME",))
    assert way.send("filtered", raw, chunks=chunks, options=("BODY=8BITMIME",)) == expected
    if what in ("8bit body", "dots", "blank lines at the end"):
        assert expected.endswith(raw.partition(b"\r\n\r\n")[2])


def test_smtputf8(way: Way) -> None:
    raw = (
        "From: Nguyễn Văn Ân <ân@soyte.hathanh.gov.vn>\r\nTo: Hoà <hoà@elsewhere.example>\r\n"
        "Subject: Báo cáo tháng 11 – khẩn\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + TEXT
    ).encode()
    found = []
    for port in ("bare", "filtered"):
        way_of = {"sender": "ân@soyte.hathanh.gov.vn", "recipient": "hoà@elsewhere.example"}
        found.append(way.send(port, raw, options=("BODY=8BITMIME", "SMTPUTF8"), **way_of))
        delivery = way.sink.deliveries[-1]
        assert delivery.sender == "ân@soyte.hathanh.gov.vn".encode()
        assert delivery.recipients == ("hoà@elsewhere.example".encode(),)
        assert b"SMTPUTF8" in delivery.parameters
    assert found[0] == found[1]
    assert raw.partition(b"\r\n\r\n")[2] in found[1]


def test_fifty_megabytes(way: Way) -> None:
    blob = lines_of(os.urandom(1 << 20))
    raw = HEAD.encode() + (
        b"MIME-Version: 1.0\r\nContent-Type: application/octet-stream; name=anh.bin\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + blob * 36
    )
    assert len(raw) > 50_000_000
    started = time.monotonic()
    arrived = way.send("filtered", raw)
    assert time.monotonic() - started < 20
    assert arrived.partition(b"\r\n\r\n")[2] == raw.partition(b"\r\n\r\n")[2]
