"""What OpenPGP signatures say of themselves, made by gpg; and nothing else is one."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.places import open_folder
from vanthu.mail import openpgp

TEXT = b"xin chao\n"
Run = Callable[..., bytes]


@pytest.fixture(scope="module", params=["ed25519", "rsa2048"])
def gpg(request: pytest.FixtureRequest) -> Iterator[Run]:
    with open_folder("gpg") as home:
        home.chmod(0o700)

        def run(*arguments: str, data: bytes = TEXT) -> bytes:
            command = ["gpg", "--homedir", str(home), "--batch", "--no-tty", "--passphrase", "", *arguments]
            return subprocess.run(command, input=data, capture_output=True, check=True).stdout

        run("--quick-generate-key", "Nguyễn Văn An <an@x.gov.vn>", request.param, "sign", "never")
        yield run
        subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], capture_output=True, check=False)


def test_detached_armoured_or_not(gpg: Run) -> None:
    fingerprint = re.search(rb"fpr:+([0-9A-F]{40}):", gpg("--with-colons", "--list-keys"))
    assert fingerprint is not None
    for options in (("--detach-sign",), ("--detach-sign", "--armor"), ("--detach-sign", "--textmode")):
        said = openpgp.of_octets(gpg(*options))
        assert said is not None
        assert said.signer == fingerprint[1].decode()
        assert said.time is not None
        assert abs(datetime.fromisoformat(said.time) - datetime.now(UTC)) < timedelta(minutes=10)


def test_the_user_id_where_it_is_named(gpg: Run) -> None:
    said = openpgp.of_octets(gpg("--detach-sign", "--sender", "an@x.gov.vn"))
    assert said is not None
    assert said.signer == "an@x.gov.vn"


def test_clear_signed_text(gpg: Run) -> None:
    text = gpg("--clear-sign").decode()
    said = openpgp.of_armour(text[text.index("-----BEGIN PGP SIGNATURE-----") :])
    assert said.time is not None
    crlf = text.replace("\n", "\r\n")
    assert openpgp.of_armour(crlf[crlf.index("-----BEGIN PGP SIGNATURE-----") :]) == said


@pytest.mark.parametrize(
    "octets", [b"", b"\x88", b"\x88\x01\x04", b"%PDF-1.4 ......................", b"\xc2\xff", bytes(99)]
)
def test_what_is_none(octets: bytes) -> None:
    assert openpgp.of_octets(octets) is None


def test_an_encrypted_or_attached_one_is_no_signature_of_something_else(gpg: Run) -> None:
    assert openpgp.of_octets(gpg("--sign")) is None
    assert openpgp.of_octets(gpg("--symmetric", "--pinentry-mode", "loopback", "--passphrase", "x")) is None


@given(
    st.binary(max_size=300), st.sampled_from([b"\x88", b"\xc2", b"\x89\x00", b"-----BEGIN PGP SIGNATURE-----\n\n"])
)
def test_never_an_exception(octets: bytes, head: bytes) -> None:
    openpgp.of_octets(head + octets)
    openpgp.of_armour((head + octets).decode("latin-1"))
