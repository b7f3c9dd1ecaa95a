"""What kind of mailbox a domain is: public providers in all spellings, look-alikes, offices, and firms' own domains.

Part of ``make accuracy``. The providers are the well-known ones that anybody would name (Gmail, Yahoo, Outlook,
iCloud, Zoho, VNN, FPT …), not read from the shipped lists. Whatever stands below ``.gov.vn`` is the state's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from tally import Tally

from vanthu.providers.load import load

SEEDS = {"seen": 13, "unseen": 4_000_003}
_PUBLIC = ["gmail.com", "googlemail.com", "yahoo.com", "yahoo.com.vn", "ymail.com", "rocketmail.com", "hotmail.com", "outlook.com", "outlook.com.vn", "live.com", "msn.com", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.net", "gmx.com", "mail.ru", "yandex.ru", "yandex.com", "proton.me", "protonmail.com", "qq.com", "163.com", "naver.com", "web.de", "tutanota.com", "mail.com", "zoho.com", "hanmail.net", "yahoo.co.jp", "yahoo.fr"]
_ISP = ["vnn.vn", "hn.vnn.vn", "hcm.vnn.vn", "dng.vnn.vn", "hcm.fpt.vn", "hn.fpt.vn", "saigonnet.vn"]
_PROVINCES = ["angiang", "bacninh", "camau", "cantho", "caobang", "danang", "daklak", "dienbien", "dongnai", "dongthap", "gialai", "haiphong", "hanoi", "hatinh", "hue", "hungyen", "khanhhoa", "laichau", "lamdong", "langson", "laocai", "nghean", "ninhbinh", "phutho", "quangngai", "quangninh", "quangtri", "sonla", "tayninh", "thainguyen", "thanhhoa", "tphcm", "tuyenquang", "vinhlong"]
_WORDS = ["minh", "phat", "an", "binh", "thanh", "cong", "viet", "tien", "hung", "loi", "duc", "tin", "hoa", "sen", "lotus", "sao", "mai", "dai", "nam", "song", "hong", "thep", "xanh", "truong", "giang", "kim", "long", "hoang", "gia", "bao", "ngoc", "truc", "lam", "thien", "son"]


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
        domain = rng.choice(_PUBLIC)
        said = providers.classify(f"{local}@{_written(domain, rng)}").class_
        public.add("with a tag" if "+" in local else "plain", said == "public", f"{domain}: {said}")
        domain = rng.choice(_ISP)
        said = providers.classify(f"{local}@{_written(domain, rng)}").class_
        isp.add("ISP", said in ("isp", "public"), f"{domain}: {said}")
        domain = rng.choice(["", "soyte.", "congan.", "ubndxa."]) + rng.choice(_PROVINCES) + ".gov.vn"
        said = providers.classify(f"{local}@{_written(domain, rng)}").class_
        government.add("province", said == "government", f"{domain}: {said}")
        domain = rng.choice(["", "soyte."]) + "hathanh.gov.vn"
        said = providers.classify(f"{local}@{_written(domain, rng)}").class_
        government.add("own", said == "official", f"{domain}: {said}")
    for _ in range(4 * size):
        stem = "".join(rng.sample(_WORDS, rng.randint(2, 3))) + rng.choice(["", "", "group", "jsc", "edu"])
        domain = stem + rng.choice([".vn", ".com.vn", ".com", ".edu.vn", ".org.vn", ".net", ".com.vn", ".vn"])
        said = providers.classify(f"info@{domain}").class_
        firms.add("." + domain.partition(".")[2], said != "other", f"{domain}: {said}")
        public_one = rng.choice([*_PUBLIC, *(p + ".gov.vn" for p in _PROVINCES)])
        head, _, rest = public_one.partition(".")
        forged = rng.choice(
            [
                f"not{rng.choice(_PUBLIC)}", f"{public_one}.evil.example", f"{head}-{rest.replace('.', '-')}.example",
                f"{head}-gov.vn", f"{public_one.replace('.', '')}.net.example", f"{head}.gov.vn.com",
            ]
        )  # fmt: skip
        said = providers.classify(f"an@{forged}").class_
        alike.add("look-alike", said in ("public", "official", "government"), f"{forged}: {said}")
    yield from (public, isp, government, firms, alike)
