"""Facts in short form: a case names what matters, everything else is an ordinary letter.

``sender`` and ``recipients`` are addresses, names from ``people``, or maps; class and family of an address come from
the provider lists, agency and role from the register, unless the case says otherwise. ``documents`` stands for
``official.documents`` and gives ``official.score``. Keys may be dotted as in rules: ``sender.role: agency``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from ..directory.model import Register
from ..facts.model import Facts
from ..facts.parties import judge_direction
from ..mail.address import fold_domain, split
from ..policy.detectors import Detector
from ..providers.model import Providers
from ..validation import did_you_mean

TIME = "2026-11-23T10:00:00+07:00"  # a Monday, in working hours
SENDER = {
    "address": "annv@soyte.x.gov.vn", "class": "official", "registered": True, "status": "active",
    "agency": "so-y-te", "role": "personal",
}  # fmt: skip
_DOCUMENT = {"where": "attachment:1", "kind": "CV", "stage": "issued", "score": 0.97}
_ATTACHMENT = {"name": None, "type": "application/octet-stream", "size": 1000, "sha256": "0" * 64}


class ShortFactsError(ValueError):
    """The map is no facts; ``path`` leads to the mistake."""

    def __init__(self, message: str, *path: str | int) -> None:
        self.path = path
        super().__init__(message)


class ShortFacts:
    """Writes out short forms for one installation's lists, register and detectors."""

    def __init__(self, register: Register, providers: Providers, detectors: tuple[Detector, ...]) -> None:
        self.register = register
        self.providers = providers
        self.detectors = {detector.name: detector.key for detector in detectors}

    def facts(self, asked: Mapping[str, Any], people: Mapping[str, dict[str, Any]] | None = None) -> Facts:
        """The whole facts; ShortFactsError where the form does not fit."""
        short = nested(asked)
        written = dict(short)
        people = people or {}
        sender = {**SENDER, **self._person(short.get("sender", {}), people, "sender")}
        ours = sender["class"] == "official" and short.get("origin") != "outside"
        recipients = short.get("recipients", ["citizen@example.com"])
        if not isinstance(recipients, list):
            raise ShortFactsError("expected a list of recipients", "recipients")
        written["recipients"] = [
            self._recipient(one, people, index) for index, one in enumerate(recipients)
        ]  # fmt: skip
        written["sender"] = sender
        written.setdefault("time", TIME)
        if isinstance(written["time"], date):
            written["time"] = f"{written['time']}T10:00:00+07:00"
        written.setdefault("size", 2000)
        written.setdefault("login", sender["address"] if ours and sender["address"] else None)
        written.setdefault("origin", "submission" if written["login"] else "trusted" if ours else "outside")
        _official(written)
        written["attachments"] = [
            {**_ATTACHMENT, "where": f"attachment:{number}", "inspected": one.get("reason") is None, **one}
            for number, one in enumerate(_maps(written.get("attachments", []), "attachments"), 1)
        ]
        written["detected"] = self._detected(written.get("detected", {}))
        written.setdefault("direction", "outbound")
        facts = _converted(written)
        if "direction" not in short:
            facts = msgspec.structs.replace(facts, direction=judge_direction(ours, list(facts.recipients)))
        return facts

    def _person(self, one: Any, people: Mapping[str, dict[str, Any]], *path: str | int) -> dict[str, Any]:
        """Whatever a case says of an address, over what lists and register say."""
        if isinstance(one, str) and one and "@" not in one:
            if one not in people:
                hint = did_you_mean(one, people)
                raise ShortFactsError(f"{one} is no address, and no one of that name stands in people{hint}", *path)
            one = people[one]
        said = {"address": one} if isinstance(one, str) else nested(one) if isinstance(one, dict) else None
        if said is None:
            raise ShortFactsError("expected an address, a name from people, or a map", *path)
        if "address" not in said:
            return said
        address = said["address"]
        if not isinstance(address, str):
            raise ShortFactsError("an address is text", *path, "address")
        return {**self._known(address), **said}

    def _known(self, address: str) -> dict[str, Any]:
        if not address:
            return {"class": "other", "registered": False, "status": "unknown", "agency": None, "role": None}
        provider = self.providers.classify(address)
        mailbox = self.register.mailbox(address)
        return {
            "class": provider.class_,
            "family": provider.family,
            "agency": mailbox.agency if mailbox else self.register.agency_of(address),
            "role": mailbox.role if mailbox else None,
        }

    def _recipient(self, one: Any, people: Mapping[str, dict[str, Any]], index: int) -> dict[str, Any]:
        person = self._person(one, people, "recipients", index)
        if "address" not in person:
            raise ShortFactsError("a recipient needs an address", "recipients", index)
        return {"domain": fold_domain(split(person["address"])[1]), **person}

    def _detected(self, found: Any) -> dict[str, Any]:
        """Names of detectors to their keys; those that are not named found nothing."""
        if not isinstance(found, dict):
            raise ShortFactsError("expected a map such as {cccd: {count: 3}}", "detected")
        for name in found:
            if name not in self.detectors and "@" not in name:
                raise ShortFactsError(f"no detector is named {name}{did_you_mean(name, self.detectors)}", "detected")
        nothing: dict[str, Any] = {key: {} for key in self.detectors.values()}
        return nothing | {self.detectors.get(str(name), str(name)): value for name, value in found.items()}


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted keys as maps in maps; what is said of one thing in several keys is joined."""
    result: dict[str, Any] = {}
    for key, value in flat.items():
        first, _, rest = key.partition(".")
        inner = nested({rest: value}) if rest else nested(value) if isinstance(value, dict) else value
        result = merged(result, {first: inner})
    return result


def merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Both maps; where both say something of one thing, maps are joined and ``over`` wins."""
    result = dict(under)
    for key, value in over.items():
        known = result.get(key)
        result[key] = merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return result


def _official(written: dict[str, Any]) -> None:
    documents = [{**_DOCUMENT, **one} for one in _maps(written.pop("documents", []), "documents")]
    if documents:
        best = max((one["score"] for one in documents if isinstance(one["score"], int | float)), default=0.0)
        said = written.get("official", {})
        if not isinstance(said, dict):
            raise ShortFactsError("expected a map such as {score: 0.9}", "official")
        written["official"] = {"score": best, **said, "documents": documents}


def _maps(value: Any, name: str) -> list[dict[str, Any]]:
    """A list of maps, or a mistake."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ShortFactsError("expected a list of maps, such as [{}]", name)
    return value


def _converted(written: dict[str, Any]) -> Facts:
    """The struct; what it would ignore is a mistake."""
    try:
        facts = msgspec.convert(written, Facts)
    except msgspec.ValidationError as error:
        raise ShortFactsError(str(error)) from None
    _compare(written, msgspec.to_builtins(facts), ())
    return facts


def _compare(given: Any, kept: Any, path: tuple[str | int, ...]) -> None:
    if isinstance(given, dict) and isinstance(kept, dict):
        for key, value in given.items():
            if key not in kept:
                raise ShortFactsError(f"facts have no {key} here{did_you_mean(str(key), kept)}", *path, key)
            _compare(value, kept[key], (*path, key))
    elif isinstance(given, list) and isinstance(kept, list | tuple):
        for index, (one, other) in enumerate(zip(given, kept, strict=False)):
            _compare(one, other, (*path, index))
