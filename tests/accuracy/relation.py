"""Whose mailbox: officials' own and colleagues' private addresses against those of people who only share parts.

Part of ``make accuracy``. Names are drawn as they are borne (Nguyễn for more than a third); addresses are made as
people make them, by rules written apart from those of the recogniser. Strangers who happen to bear the very same
name are left out: no address tells them apart, and a name match alone never rejects.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import names
from tally import Tally

from vanthu.directory.model import Agency, Mailbox, Register
from vanthu.directory.persons import plain
from vanthu.facts.relation import relation

SEEDS = {"seen": 11, "unseen": 3_000_003}
_DOMAINS = ("gmail.com", "gmail.com", "gmail.com", "yahoo.com", "yahoo.com.vn", "outlook.com", "icloud.com")


def name(rng: random.Random) -> str:
    """A Vietnamese name of three or four words."""
    words = [rng.choice(names.FAMILIES), rng.choice(names.MIDDLES)]
    if rng.random() < 0.3:
        words.append(rng.choice(names.MIDDLES))
    return " ".join([*words, rng.choice(names.GIVEN)])


def _tail(rng: random.Random) -> str:
    return rng.choice(["", "", str(rng.randint(60, 99)), str(rng.randint(1960, 2005)), str(rng.randint(1, 999))])


def own(full: str, rng: random.Random) -> tuple[str, str]:
    """A private address that tells the name, and in which manner."""
    words = [plain(word) for word in full.split()]
    family, middle, given = words[0], words[1:-1], words[-1]
    initials = "".join(word[0] for word in words[:-1])
    manners = {
        "whole name": "".join(words),
        "whole name, dots": ".".join(words),
        "given name first": given + "." + "".join(words[:-1]),
        "given and family": given + rng.choice(["", ".", "_"]) + family,
        "family and given": family + rng.choice(["", ".", "_"]) + given,
        "given, initials": given + initials,
        "initials, given": initials + given,
        "middle and given": middle[-1] + given,
        "given dot initials": f"{given}.{initials}",
    }
    manner = rng.choice(list(manners))
    local = manners[manner]
    if len(local.replace(".", "").replace("_", "")) < 5:
        manner, local = "whole name", "".join(words)
    return f"{local}{_tail(rng)}@{rng.choice(_DOMAINS)}", manner


def measure(part: str, size: int) -> Iterator[Tally]:
    """Own addresses, colleagues' whole names, declared ones; strangers and offices."""
    rng = random.Random(SEEDS[part])
    people: dict[str, Mailbox] = {}
    for number in range(300):
        full = name(rng)
        box = Mailbox(f"n{number}@x.gov.vn", full, f"so-{number % 20}", private=(f"biet.danh.{number}@gmail.com",))
        people[box.address] = box
    register = Register({f"so-{n}": Agency(f"so-{n}", f"Sở {n}") for n in range(20)}, people)
    boxes = list(people.values())
    taken = {box.name for box in boxes}
    self_, declared = Tally("relation", "own address that tells the name", 0.95), Tally("relation", "declared", 1.0)
    strangers = Tally("relation", "strangers taken for self or a colleague", 0.02, alarms=True)
    for _ in range(size):
        sender = rng.choice(boxes)
        address, manner = own(sender.name, rng)
        self_.add(manner, relation(address, None, sender, register) == "name_match", f"{sender.name}: {address}")
        wanted = rng.choice(boxes)
        said = relation(wanted.private[0], None, sender, register)
        declared.add("declared", said == ("self_declared" if wanted is sender else "colleague_declared"), str(said))
    for _ in range(4 * size):
        sender = rng.choice(boxes)
        stranger = name(rng)
        if stranger in taken:
            continue
        address, manner = own(stranger, rng)
        shown = stranger if rng.random() < 0.5 else None
        said = relation(address, shown, sender, register)
        strangers.add(
            f"{manner}{', shown' if shown else ''}", said != "none", f"{stranger} <{address}> from {sender.name}"
        )
    offices = Tally("relation", "offices and firms taken for a person", 0.002, alarms=True)
    for _ in range(size):
        place = rng.choice(names.PROVINCES)
        address = f"{rng.choice(names.OFFICES)}{rng.choice(['', '.', '_'])}{place}@gmail.com"
        sender = rng.choice(boxes)
        offices.add("offices", relation(address, None, sender, register) != "none", f"{address}, {sender.name}")
    yield from (self_, declared, strangers, offices)
