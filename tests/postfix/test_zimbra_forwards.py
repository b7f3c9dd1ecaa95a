"""Forwards in exports of Zimbra, as zmprov and ldapsearch print them."""

from __future__ import annotations

import base64
import time

from hypothesis import given
from hypothesis import strategies as st

from vanthu.postfix.forwards.model import Step
from vanthu.postfix.forwards.zimbra import forwards

ZMPROV = """# name an@x.gov.vn
cn: Nguyễn Văn An
mail: an@x.gov.vn
zimbraMailForwardingAddress: luutru@x.gov.vn
zimbraMailSieveScript: require ["fileinto", "reject", "tag", "flag"];

# Gửi về nhà
if anyof (header :contains ["subject"] "công văn") {
    redirect "an.nguyen@gmail.com";
    stop;
}
zimbraMailStatus: enabled
zimbraPrefMailForwardingAddress: an@yahoo.com, an@proton.me
zimbraPrefMailLocalDeliveryDisabled: TRUE

# name binh@x.gov.vn
mail: binh@x.gov.vn
zimbraPrefMailForwardingAddress:
zimbraPrefMailLocalDeliveryDisabled: FALSE
"""
SCRIPT = base64.b64encode('# lọc\nredirect :copy "cuong@gmail.com";\n'.encode()).decode()
LDIF = f"""version: 1

dn: uid=cuong,ou=people,dc=x,dc=gov,dc=vn
mail: cuong@x.gov.vn
mail: alias@x.gov.vn
zimbraMailSieveScript:: {SCRIPT[:40]}
 {SCRIPT[40:]}
zimbraPrefMailForwardingAddress: cuong.
 tran@outlook.com

dn: uid=hoa,ou=people,dc=x,dc=gov,dc=vn
zimbraMailDeliveryAddress: hoa@x.gov.vn
mail: hoa.le@x.gov.vn
"""


def ends(found: list[Step]) -> list[tuple[str, str, str, bool]]:
    return [(one.kind, one.source, one.target, one.keeps) for one in found]


def test_forwards_and_filters_of_zmprov() -> None:
    found = list(forwards(ZMPROV, "gaa.txt"))
    assert ends(found) == [
        ("zimbra", "an@x.gov.vn", "luutru@x.gov.vn", False),
        ("sieve", "an@x.gov.vn", "an.nguyen@gmail.com", False),
        ("zimbra", "an@x.gov.vn", "an@yahoo.com", False),
        ("zimbra", "an@x.gov.vn", "an@proton.me", False),
    ]
    assert [one.where for one in found[:3]] == ["gaa.txt:4", "gaa.txt:9", "gaa.txt:13"]


def test_forwards_and_filters_of_ldif() -> None:
    assert ends(list(forwards(LDIF, "x.ldif"))) == [
        ("sieve", "cuong@x.gov.vn", "cuong@gmail.com", True),
        ("zimbra", "cuong@x.gov.vn", "cuong.tran@outlook.com", True),
    ]


@given(st.lists(st.sampled_from([*ZMPROV.splitlines(), *LDIF.splitlines(), "mail:: ???", ":", " "]), max_size=30))
def test_any_lines_end_in_values(lines: list[str]) -> None:
    assert all(isinstance(one, Step) for one in forwards("\n".join(lines), "x"))


def test_a_long_export_takes_linear_time() -> None:
    begin = time.process_time()
    head = "# name an@x.gov.vn\nzimbraMailSieveScript: x\n"
    for line in ("redirect\n", "a: b\n", "# name a@b\n", " x\n", "dn: x\n "):
        list(forwards(head + line * 60_000, "x"))
    assert time.process_time() - begin < 6.0
