"""The provider class of a domain that no list names, by its mail exchangers (contract: ``class``, ``hosted``).

Only the class ``other`` of "no list names it" is ever put to the question: official, government and listed domains,
overrides and domain literals are decided already. What the exchangers said comes as answers:

- Known: the first exchanger, by preference, that a provider list knows (at a label boundary) decides: ``hosted``, or
  ``relay`` and ``disposable`` for such services; ``because`` names exchanger and entry. None is known: ``other``.
- Absent: the domain is not there or has no MX: ``other``.
- Unavailable: ``other``, and class and family are unknown (``facts.unavailable``) for that reason.
- nobody asked: ``other``, and nothing is unknown.

Not seen: a private mailbox behind a mail server of one's own, or behind a gateway in front of a provider.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..answers import Absent, Answer, Known, Unavailable
from ..mail.envelope import Envelope
from ..providers.model import Provider, Providers

Exchangers = Mapping[str, Answer[tuple[str, ...]]]
"""Folded domain to the hosts of its MX records, the preferred one first."""


def to_ask(envelope: Envelope, providers: Providers) -> tuple[str, ...]:
    """The domains of recipients, and of an envelope sender without login, that no list names; each once.

    A name without a dot (``localhost``) is a host of ours, about which nobody outside is asked.
    """
    addresses = [recipient.address for recipient in envelope.recipients]
    if envelope.login is None and envelope.sender:
        addresses.append(envelope.sender)
    found = dict.fromkeys(providers.unlisted(address) for address in addresses if "@" in address)
    return tuple(domain for domain in found if domain is not None and "." in domain)


def classify(address: str, providers: Providers, answers: Exchangers) -> tuple[Provider, str | None]:
    """What lists and exchangers say of an address, and why nobody can say more (None: all is known)."""
    provider = providers.classify(address)
    if provider.class_ != "other":
        return provider, None
    domain = providers.unlisted(address)
    if domain is None:
        return provider, None
    answer = answers.get(domain)
    if isinstance(answer, Known):
        return _by_hosts(answer.value, provider, providers), None
    if isinstance(answer, Unavailable):
        return _other(provider, f"MX unknown ({answer.reason})"), answer.reason
    return _other(provider, "no MX" if isinstance(answer, Absent) else "MX not asked"), None


def _by_hosts(hosts: Sequence[str], provider: Provider, providers: Providers) -> Provider:
    for host in hosts:
        found = providers.by_mx((host,))
        if found is not None:
            return Provider(found.class_, found.family, f"mx {host}: {found.because}")
    return _other(provider, f"nor its MX {hosts[0]}" if hosts else "no MX")


def _other(provider: Provider, more: str) -> Provider:
    return Provider(provider.class_, provider.family, f"{provider.because}, {more}")
