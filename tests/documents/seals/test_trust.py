"""The folder of authorities: what is taken from it, and what is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from support.authority import Authority
from vanthu.documents.seals.trust import load
from vanthu.errors import Problems

ROOT = Authority("Root CA")
PEM, DER = ROOT.certificate.public_bytes(Encoding.PEM), ROOT.certificate.public_bytes(Encoding.DER)
WHO = ROOT.issue("A")


def test_pem_der_several_in_one_file_and_each_once(tmp_path: Path) -> None:
    below = Authority("Issuing CA", ROOT)
    (tmp_path / "a.der").write_bytes(DER)
    (tmp_path / "b.pem").write_bytes(b"Root and issuing\n" + PEM + below.certificate.public_bytes(Encoding.PEM))
    revoked = ROOT.revocations([WHO])
    (tmp_path / "c.crl").write_bytes(revoked.public_bytes(Encoding.PEM))
    (tmp_path / ".hidden").write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    found = load(tmp_path)
    assert found.authorities == (DER, below.certificate.public_bytes(Encoding.DER))
    assert found.revocations == (revoked.public_bytes(Encoding.DER),)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"read me", "neither certificates nor a revocation list"),
        ("a.pem", PEM.replace(b"MII", b"AII", 1), "cannot be read"),
        ("a.pem", PEM.replace(b"CERTIFICATE", b"PRIVATE KEY"), "neither certificates nor a revocation list"),
        ("a.crt", WHO.der, "is no authority"),
        ("a.crl", Authority("Root CA").revocations([WHO]).public_bytes(Encoding.DER), "no authority of this folder"),
    ],
)
def test_what_does_not_belong_there(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / "root.pem").write_bytes(PEM)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Problems) as raised:
        load(tmp_path)
    (problem,) = raised.value.problems
    assert problem.file == str(tmp_path / name)
    assert message in problem.message


def test_an_empty_or_missing_folder(tmp_path: Path) -> None:
    for folder, message in ((tmp_path, "no certificate"), (tmp_path / "none", "cannot be read")):
        with pytest.raises(Problems, match=message):
            load(folder)
