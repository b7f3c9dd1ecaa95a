"""S/MIME and p7m signatures: valid as long as nothing that was signed has changed, and never after."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms as asn1
from cryptography.x509.oid import ExtendedKeyUsageOID

from support.authority import Authority, Holder, sign_mail
from vanthu.documents.model import DocumentLimits, Seal, Trust
from vanthu.documents.seals.checking import Checking
from vanthu.mail.cms import signed_content

ENTITY = "Content-Type: text/plain; charset=utf-8\r\n\r\nSố: 1017/UBND-VX\r\nKính gửi các sở\r\n".encode()
NAME = "Ủy ban nhân dân tỉnh Quảng Ngãi"
ROOT = Authority("Root CA")
WHO = ROOT.issue(NAME)
NOW = datetime.now(UTC)


def checked(
    signature: bytes, content: bytes | None = None, trust: Trust | None = None
) -> list[tuple[str, str | None]]:
    return [(seal.status, seal.reason) for seal in seals(signature, content, trust)]


def seals(signature: bytes, content: bytes | None = None, trust: Trust | None = None) -> list[Seal]:
    return Checking(DocumentLimits(trust=ROOT.trust() if trust is None else trust)).cms(signature, content)


def detached(who: Holder = WHO, *options: str, entity: bytes = ENTITY) -> bytes:
    return sign_mail(entity, who, "-binary", "-outform", "DER", *options)


def opaque(who: Holder = WHO, *options: str) -> bytes:
    return detached(who, "-nodetach", *options)


VALID = [("valid", None)]


def test_signer_organization_and_time_are_told() -> None:
    (seal,) = seals(detached(), ENTITY)
    assert (seal.kind, seal.status, seal.signer) == ("smime", "valid", NAME)
    assert seal.organization == "UBND tỉnh Quảng Ngãi"
    assert seal.time is not None
    assert abs(datetime.fromisoformat(seal.time) - NOW) < timedelta(minutes=5)


@pytest.mark.parametrize(
    "options", [(), ("-stream", "-indef"), ("-md", "sha512"), ("-cades",), ("-noattr",), ("-keyid",)]
)
@pytest.mark.parametrize("nodetach", [True, False])
def test_what_openssl_signs_is_valid(options: tuple[str, ...], nodetach: bool) -> None:
    signature = opaque(WHO, *options) if nodetach else detached(WHO, *options)
    assert checked(signature, None if nodetach else ENTITY) == VALID


def test_rsa_and_an_authority_between() -> None:
    below = Authority("Issuing CA", ROOT)
    assert checked(detached(below.issue("A", with_rsa=True), "-keyopt", "rsa_padding_mode:pss"), ENTITY) == VALID
    assert checked(detached(below.issue("A")), ENTITY, below.trust()) == VALID


def test_line_ends_may_have_changed_on_the_way() -> None:
    assert checked(detached(), ENTITY.replace(b"\r\n", b"\n")) == VALID


@pytest.mark.parametrize(
    "changed",
    [
        ENTITY + b"x",
        ENTITY + b"\r\n",
        ENTITY[:-2],
        b" " + ENTITY,
        ENTITY.replace(b"1017", b"1018"),
        ENTITY.replace(b"utf-8", b"us-ascii"),
        ENTITY.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", 1),
        b"",
    ],
)
def test_a_changed_content_is_altered(changed: bytes) -> None:
    assert checked(detached(), changed) in ([("invalid", "altered")], [("unverifiable", "unsupported")])


@pytest.mark.parametrize("nodetach", [True, False])
def test_no_octet_that_matters_can_be_changed(nodetach: bool) -> None:
    """Content, attributes, signature and certificate; around them stand hints that nobody has signed."""
    signature = opaque() if nodetach else detached()
    message = asn1.ContentInfo.load(signature)["content"]
    (signer,) = message["signer_infos"]
    protected = [
        ENTITY if nodetach else b"",
        signer["signed_attrs"].untag().dump()[2:],
        signer["signature"].native,
        message["certificates"][0].chosen["tbs_certificate"].dump(),
    ]
    places = [at for one in protected if one for at in range(signature.index(one), signature.index(one) + len(one))]
    for at in places[:: 3 if nodetach else 4]:
        for flip in (0x01, 0x80):
            changed = bytearray(signature)
            changed[at] ^= flip
            found = checked(bytes(changed), None if nodetach else ENTITY)
            assert ("valid", None) not in found, (at, flip)


def test_a_valid_opaque_one_shows_what_was_signed() -> None:
    """A reader that took other octets for the content than the checker could be shown a forgery."""
    signature = opaque()
    for at in range(0, len(signature), 2):
        changed = bytearray(signature)
        changed[at] ^= 0x01
        if ("valid", None) in checked(bytes(changed)):
            assert signed_content(bytes(changed)) == ENTITY


@pytest.mark.parametrize("at", [0, 1, 5, 30, 200, 600, -1])
def test_a_cut_one_is_broken(at: int) -> None:
    assert ("valid", None) not in checked(detached()[:at], ENTITY)


def test_without_authorities_it_is_only_noted() -> None:
    (seal,) = seals(detached(), b"altered", Trust())
    assert (seal.status, seal.reason, seal.signer) == ("present", None, NAME)


def test_an_unknown_authority() -> None:
    other = Authority("Other CA")
    assert checked(detached(other.issue("A")), ENTITY) == [("unverifiable", "unknown_authority")]


def test_an_authority_of_the_same_name_is_a_forgery() -> None:
    forged = Authority("Root CA")
    assert checked(detached(forged.issue(NAME)), ENTITY)[0][0] == "invalid"


def test_a_person_is_no_authority() -> None:
    middle = Authority("Ignored", ROOT)
    middle.name, middle.key, middle.certificate = WHO.certificate.subject, WHO.key, WHO.certificate  # type: ignore[assignment]
    assert checked(detached(middle.issue("B")), ENTITY)[0] in (("invalid", "bad_chain"), ("invalid", "wrong_use"))


@pytest.mark.parametrize(("since", "until"), [(-730, -365), (2, 365)], ids=["long over", "not yet"])
def test_a_certificate_that_was_not_in_force(since: int, until: int) -> None:
    who = ROOT.issue("A", since=NOW + timedelta(days=since), until=NOW + timedelta(days=until))
    assert checked(detached(who), ENTITY) == [("invalid", "expired")]


def test_a_revoked_one_though_the_list_is_old() -> None:
    assert checked(detached(), ENTITY, ROOT.trust(revoked=[WHO])) == [("invalid", "revoked")]
    assert checked(detached(ROOT.issue("B")), ENTITY, ROOT.trust(revoked=[WHO])) == VALID


@pytest.mark.parametrize("use", [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CODE_SIGNING])
def test_a_certificate_for_something_else(use) -> None:
    assert checked(detached(ROOT.issue("A", uses=[use])), ENTITY) == [("invalid", "wrong_use")]
    both = ROOT.issue("A", uses=[use, ExtendedKeyUsageOID.EMAIL_PROTECTION])
    assert checked(detached(both), ENTITY) == VALID


def test_a_key_that_may_not_sign() -> None:
    assert checked(detached(ROOT.issue("A", may_sign=False)), ENTITY) == [("invalid", "wrong_use")]


def test_nobody_is_asked_over_the_network() -> None:
    """A certificate says where its authority, revocation list and OCSP responder are: its sender chose that."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a"
        who, stranger = ROOT.issue("A", lists_at=address), Authority("Other CA").issue("B", lists_at=address)
        assert checked(detached(who), ENTITY) == VALID
        assert checked(detached(stranger), ENTITY) == [("unverifiable", "unknown_authority")]
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_without_its_certificate() -> None:
    assert checked(detached(WHO, "-nocerts"), ENTITY) == [("unverifiable", "no_certificate")]


def test_a_weak_digest() -> None:
    assert checked(detached(WHO, "-md", "sha1"), ENTITY) == [("unverifiable", "weak_algorithm")]


def test_each_signer_by_himself(tmp_path) -> None:
    second = Authority("Other CA").issue("B")
    (tmp_path / "b.pem").write_bytes(second.pem())
    found = seals(detached(WHO, "-signer", str(tmp_path / "b.pem")), ENTITY)
    assert {(one.signer, one.status) for one in found} == {(NAME, "valid"), ("B", "unverifiable")}


def test_time_runs_out_and_only_the_verdict_is_lost() -> None:
    checking = Checking(DocumentLimits(trust=ROOT.trust(), signature_seconds=0.0001))
    (seal,) = checking.cms(detached(), ENTITY)
    assert (seal.status, seal.reason, seal.signer) == ("unverifiable", "timeout", NAME)


def test_too_many() -> None:
    checking = Checking(DocumentLimits(trust=ROOT.trust(), max_signatures=1))
    found = [checking.cms(detached(), ENTITY)[0] for _ in range(2)]
    assert [(one.status, one.reason) for one in found] == [("valid", None), ("unverifiable", "too_many")]


@pytest.mark.parametrize("octets", [b"", b"\x30", b"\x30\x80" * 5000, b"text", b"0\x82\xff\xff" + bytes(70_000)])
def test_rubbish_is_never_an_exception(octets: bytes) -> None:
    assert ("valid", None) not in checked(octets, ENTITY)
    assert ("valid", None) not in checked(octets)
