"""The shape of vanthu.yaml. Every setting has a default; ``policies/vanthu.yaml`` is the commented manual.

Paths are relative to the folder of the settings file. Sizes are bytes, times are seconds unless the name says so.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from ..documents.model import DocumentLimits, Trust
from ..validation import Shape

Positive = Annotated[int, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0)]


class Milter(Shape):
    """Where Postfix reaches us, and how much at once."""

    socket: str = "unix:/run/vanthu/milter.sock"
    mode: str = "0660"
    group: str | None = None
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    max_sessions: Positive = 200
    max_bytes_in_flight: Positive = 256 << 20
    spill_above: Positive = 256 << 10
    deadline: Seconds = 20.0
    drain: Seconds = 310.0
    recycle_messages: Positive = 200_000
    recycle_rss: Positive = 1 << 30
    max_holds_per_hour: Positive = 200

    @field_validator("socket")
    @classmethod
    def _socket(cls, value: str) -> str:
        scheme, _, rest = value.partition(":")
        if scheme == "unix" and rest.startswith("/"):
            return value
        if scheme in ("inet", "inet6") and rest.partition("@")[0].isdigit():
            return value
        raise ValueError("write unix:/path, inet:PORT@HOST or inet6:PORT@HOST")

    @field_validator("mode")
    @classmethod
    def _mode(cls, value: str) -> str:
        if len(value) != 4 or not all(digit in "01234567" for digit in value):
            raise ValueError("write four octal digits in quotes, such as '0660'")
        return value


class Egress(Shape):
    """Whether a second Postfix instance filters what leaves, and how long the header between the hops is good for."""

    enabled: bool = False
    days: Annotated[int, Field(ge=1, le=365)] = 30


class Own(Shape):
    """Which domains and networks are ours."""

    domains: tuple[str, ...] = ()
    trusted_networks: tuple[IPv4Network | IPv6Network, ...] = (
        IPv4Network("127.0.0.0/8"),
        IPv6Network("::1/128"),
    )


class Government(Shape):
    """Domains of other offices, beside the suffixes that the provider lists carry (gov.vn, chinhphu.vn, dcs.vn)."""

    domains: tuple[str, ...] = ()


class Journal(Shape):
    """The folder of JSON Lines that holds every decision."""

    path: Path = Path("/var/lib/vanthu/journal")
    sync: Literal["group", "always", "none"] = "group"
    on_failure: Literal["tempfail", "accept"] = "tempfail"
    max_file_bytes: Positive = 64 << 20
    max_file_seconds: Seconds = 3600.0
    retention_days: Positive = 90


class State(Shape):
    """Node-local state: metrics, outbox, crash marks."""

    path: Path = Path("/var/lib/vanthu/state")


class Store(Shape):
    """The SQL store of all records."""

    url: str = "sqlite:////var/lib/vanthu/store.db"
    retention_months: Annotated[int, Field(ge=2, le=1200)] = 13


class Metrics(Shape):
    """Where Prometheus scrapes us."""

    listen: str = "127.0.0.1:9464"

    @field_validator("listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            raise ValueError("write HOST:PORT, such as 127.0.0.1:9464")
        return value


class Notices(Shape):
    """How notices leave: through the local MTA, from an address that nobody answers."""

    enabled: bool = True
    smtp: str = "127.0.0.1:25"
    from_: str = Field("vanthu@localhost", alias="from")
    security: tuple[str, ...] = ()
    templates: Path | None = None


class Postfix(Shape):
    """The Postfix that asks us: where its configuration is, and how mail on hold is freed, on other hosts too."""

    config_dir: Path | None = None
    two_persons: bool = False
    helper: str | None = None
    hosts: tuple[str, ...] = ()

    @field_validator("hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not re.fullmatch(r"(?:[A-Za-z0-9_.][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*", host):
                raise ValueError(f"{host}: write what ssh takes, HOST or USER@HOST")
        return value

    @field_validator("helper")
    @classmethod
    def _helper(cls, value: str | None) -> str | None:
        if value is None or value.removeprefix("unix:").startswith("/"):
            return value
        raise ValueError("write the path of the helper, /path/hold-helper, or that of its socket, unix:/path")


class Limits(Shape):
    """What hostile mail may cost; a limit reached is a fact."""

    max_parts: Positive = 1000
    max_depth: Positive = 10
    max_header_bytes: Positive = 1 << 20
    max_fields: Positive = 5000
    max_text: Positive = 2_000_000
    max_total_text: Positive = 6_000_000
    max_attachments: Positive = 200


class Documents(Shape):
    """What reading attachments may cost, each document by itself; and how many are read at once."""

    children: Annotated[int, Field(ge=2, le=64)] = 2
    ocr: Literal["off", "first_page", "all"] = "first_page"
    seconds: Seconds = 10.0
    ocr_seconds: Seconds = 12.0
    memory: Annotated[int, Field(ge=128 << 20)] = 1 << 30
    max_size: Positive = 100 << 20
    max_text: Positive = 2_000_000
    max_members: Positive = 1000
    max_depth: Positive = 5
    max_unpacked: Positive = 500 << 20
    max_ratio: Positive = 200
    max_pages: Positive = 200
    trust: Path | None = None
    signature_seconds: Seconds = 3.0
    max_signatures: Positive = 50
    cache_bytes: Positive = 64 << 20
    queue_bytes: Positive = 256 << 20

    def reading(self, trust: Trust) -> DocumentLimits:
        """The limits in the form in which the readers take them; ``trust`` is what the folder holds."""
        limits = {name: getattr(self, name) for name in DocumentLimits.__struct_fields__ if name != "trust"}
        return DocumentLimits(**limits, trust=trust)


def endpoint(server: str) -> tuple[str, int]:
    """Address and port of a resolver: ``192.0.2.1``, ``192.0.2.1:5353``, ``2001:db8::1``, ``[2001:db8::1]:5353``."""
    if server.startswith("["):
        address, _, rest = server[1:].partition("]")
    elif server.count(":") == 1:
        address, _, rest = server.partition(":")
    else:
        address, rest = server, ""
    port = rest.removeprefix(":") or "53"
    try:
        ip_address(address)
        if 0 < int(port) <= 65535:
            return address, int(port)
    except ValueError:
        pass
    raise ValueError(f"{server} is no resolver; write an IP address, ADDRESS:PORT or [IPv6]:PORT")


class Dns(Shape):
    """Who is asked for the mail exchangers of domains that no list names, and what that may cost."""

    enabled: bool = True
    servers: tuple[str, ...] = ()
    seconds: Annotated[float, Field(gt=0, le=10)] = 2.0
    cache: Positive = 50_000

    @field_validator("servers")
    @classmethod
    def _servers(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            endpoint(value)
        return values


class Correspondence(Shape):
    """Whether it is kept, in keyed hashes, who of the outside wrote to whom first, and for how long."""

    enabled: bool = True
    days: Annotated[int, Field(ge=1, le=3650)] = 180


class WorkingHours(Shape):
    """Working days (1 = Monday) and hours, local time; holidays are dates."""

    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5)
    start: str = "07:30"
    end: str = "17:00"
    holidays: tuple[str, ...] = ()


class Settings(Shape):
    """The whole file."""

    version: Literal[1] = 1
    installation: str = "default"
    node: str | None = None
    timezone: str = "Asia/Ho_Chi_Minh"
    policies: Path | None = None
    register_: Path | None = Field(None, alias="register")
    providers: Path | None = None
    own: Own = Own()
    government: Government = Government()
    working_hours: WorkingHours = WorkingHours()
    milter: Milter = Milter()
    egress: Egress = Egress()
    journal: Journal = Journal()
    state: State = State()
    store: Store = Store()
    metrics: Metrics = Metrics()
    notices: Notices = Notices()
    postfix: Postfix = Postfix()
    limits: Limits = Limits()
    documents: Documents = Documents()
    dns: Dns = Dns()
    correspondence: Correspondence = Correspondence()

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value} is not a time zone name such as Asia/Ho_Chi_Minh")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of months, working hours and holidays."""
        return ZoneInfo(self.timezone)
