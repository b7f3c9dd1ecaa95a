"""What kind of mailbox a domain is: public providers in all spellings, look-alikes, offices, and firms' own domains.

Part of ``make accuracy``. The providers are the well-known ones that anybody would name (Gmail, Yahoo, Outlook,
iCloud, Zoho, VNN, FPT …), not read from the shipped lists. Whatever stands below ``.gov.vn`` is the state's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import names
from tally import Tally

from vanthu.providers.load import load

SEEDS = {"seen": 13, "unseen": 4_000_003}


def _written(domain: str, rng: random.Random) -> str:
    """The same domain as people and programs write it."""
    return rng.choice([domain, domain, domain.upper(), domain.title(), domain + "."])


def measure(part: str, size: int) -> Iterator[Tally]:
    """Classes found, and other people's domains taken for public or official."""
    rng = random.Random(SEEDS[part])
    shipped = Path(__file__).resolve().parents[2] / "policies" / "providers"
    providers = load(shipped, official=["hathanh.gov.vn"], register=frozenset(), government=())
    public, isp = Tally("class", "public mailboxes", 0.98), Tally("class", "mailboxes of ISPs", 0.95)
    government = Tally("class", "government and own domains", 0.98)
    firms = Tally("class", "firms, schools, hospitals called public or official", 0.002, alarms=True)
    alike = Tally("class", "look-alike domains called public or official", 0.0, alarms=True)
    for _ in range(size):
        local = rng.choice(["nguyenvanan", "an.nv+viec", "AN", '"an nv"'])
        domain = rng.choice(names.PUBLIC)
        said = providers.classify(f"{local}@{_written(domain, rng)}").class_
        public.add("with a tag" if "+" in local else "plain", said == "public", f"{domain}: {said}")
        domain = rng.choice(names.ISP)
        said = providers.classify(f"{local}@{_written(domain, rng)}").class_
        isp.add("ISP", said in ("isp", "public"), f"{domain}: {said}")
        domain = rng.choice(["", "soyte.", "congan.", "ubndxa."]) + rng.choice(names.PROVINCES) + ".gov.vn"
        said = providers.classify(f"{local}@{_written(domain, rng)}").class_
        government.add("province", said == "government", f"{domain}: {said}")
        domain = rng.choice(["", "soyte."]) + "hathanh.gov.vn"
        said = providers.classify(f"{local}@{_written(domain, rng)}").class_
        government.add("own", said == "official", f"{domain}: {said}")
    for _ in range(4 * size):
        stem = "".join(rng.sample(names.STEMS, rng.randint(2, 3))) + rng.choice(["", "", "group", "jsc", "edu"])
        domain = stem + rng.choice([".vn", ".com.vn", ".com", ".edu.vn", ".org.vn", ".net", ".com.vn", ".vn"])
        said = providers.classify(f"info@{domain}").class_
        firms.add("." + domain.partition(".")[2], said != "other", f"{domain}: {said}")
        public_one = rng.choice([*names.PUBLIC, *(p + ".gov.vn" for p in names.PROVINCES)])
        head, _, rest = public_one.partition(".")
        forged = rng.choice(
            [
                f"not{rng.choice(names.PUBLIC)}",
                f"{public_one}.evil.example",
                f"{head}-{rest.replace('.', '-')}.example",
                f"{head}-gov.vn",
                f"{public_one.replace('.', '')}.net.example",
                f"{head}.gov.vn.com",
            ]
        )
        said = providers.classify(f"an@{forged}").class_
        alike.add("look-alike", said in ("public", "official", "government"), f"{forged}: {said}")
    yield from (public, isp, government, firms, alike)
