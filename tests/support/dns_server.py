"""A DNS server on 127.0.0.1, UDP and TCP on one port, that answers, and misbehaves, as it is told.

``zone`` maps a name in lower case, without the last dot, to what becomes of a question for its MX records:

- ``{"mx.example": 10}``: these exchangers; ``{}``: the name is there and has none;
- ``"nxdomain"``, ``"servfail"``, ``"refused"``; ``"silent"``: nothing is sent;
- ``"truncated"``: TC over UDP, the answer of ``WHOLE`` over TCP; ``"garbage"``: bytes that are no message;
- ``"liar"``: a wrong identifier and a wrong question, both naming ``LIE``, and nothing true;
- a callable: called with the name, gives one of the above (it may take its time).

Names that are not in the zone are ``nxdomain``. ``asked`` counts questions by name, the root's (".") too.
"""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset

from .places import free_port

WHOLE = {"aspmx.l.google.com": 1, "alt1.aspmx.l.google.com": 5}
LIE = "aspmx.l.google.com"
Content = Mapping[str, int] | str | Callable[[str], Any]


class DnsServer:
    """``with DnsServer(zone) as server: … server.address``; ``mute`` silences everything."""

    def __init__(self, zone: Mapping[str, Content], *, ttl: int = 300) -> None:
        self.zone = dict(zone)
        self.ttl = ttl
        self.mute = False
        self.asked: Counter[str] = Counter()
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.port = free_port()  # for UDP and TCP alike, which a port that the kernel picks for one need not be
        self._udp.bind(("127.0.0.1", self.port))
        self._tcp = socket.create_server(("127.0.0.1", self.port))
        self.address = f"127.0.0.1:{self.port}"

    def __enter__(self) -> DnsServer:
        for serve in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._udp, self._tcp):
            one.shutdown(socket.SHUT_RDWR) if one is self._tcp else None
            one.close()

    def _serve_udp(self) -> None:
        while True:
            try:
                packet, client = self._udp.recvfrom(4096)
            except OSError:
                return
            threading.Thread(target=self._answer_udp, args=(packet, client), daemon=True).start()

    def _answer_udp(self, packet: bytes, client: Any) -> None:
        for reply in self._replies(dns.message.from_wire(packet), tcp=False):
            with suppress(OSError):  # closed meanwhile: a slow answer comes too late for the test, too
                self._udp.sendto(reply, client)

    def _serve_tcp(self) -> None:
        while True:
            try:
                connection, _ = self._tcp.accept()
            except OSError:
                return
            with connection:
                length = int.from_bytes(connection.recv(2), "big")
                question = connection.recv(length)
                if not question:
                    continue  # who connects and says nothing has changed its mind
                for reply in self._replies(dns.message.from_wire(question), tcp=True):
                    connection.sendall(len(reply).to_bytes(2, "big") + reply)

    def _replies(self, query: dns.message.Message, *, tcp: bool) -> list[bytes]:
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        self.asked[name] += 1
        if self.mute:
            return []
        if name == ".":
            return [self._whole(query, [dns.rrset.from_text(".", self.ttl, "IN", "NS", "a.root-servers.net.")])]
        content = self.zone.get(name, "nxdomain")
        while callable(content):
            content = content(name)
        if content == "silent":
            return []
        if content == "garbage":
            return [b"\xff" * 7, query.to_wire()[:2] + b"\xff" * 60]
        if content == "liar":
            return self._lies(query)
        if content == "truncated":
            if not tcp:
                reply = dns.message.make_response(query)
                reply.flags |= dns.flags.TC
                return [reply.to_wire()]
            content = WHOLE
        if isinstance(content, str):
            reply = dns.message.make_response(query)
            reply.set_rcode(dns.rcode.from_text(content))
            return [reply.to_wire()]
        return [self._whole(query, [self._mx(question.name, content)] if content else [])]

    def _mx(self, name: dns.name.Name, content: Mapping[str, int]) -> dns.rrset.RRset:
        records = [f"{preference} {host}." if host else f"{preference} ." for host, preference in content.items()]
        return dns.rrset.from_text(name, self.ttl, "IN", "MX", *records)

    def _whole(self, query: dns.message.Message, answers: list[dns.rrset.RRset]) -> bytes:
        reply = dns.message.make_response(query)
        reply.answer.extend(answers)
        return reply.to_wire()

    def _lies(self, query: dns.message.Message) -> list[bytes]:
        stranger = dns.message.make_query("another.example.", "MX", id=query.id)
        other = dns.message.from_wire(query.to_wire())
        other.id ^= 1
        return [self._whole(one, [self._mx(one.question[0].name, {LIE: 1})]) for one in (stranger, other)]
