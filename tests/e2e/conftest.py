"""The house for end-to-end tests: daemon, Postfix with a login port and a plain one, sink; all of it real."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.client import Client
from support.places import free_port
from support.postfix import Listener, Postfix, milter
from support.sink import Sink
from support.vanthu import Vanthu

HERE = Path(__file__).parent
REGISTER = HERE.parents[1] / "deploy" / "demo" / "register.yaml"
LOGIN = "annv@soyte.hathanh.gov.vn"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs root, and nearly everything a real Postfix."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("e2e")


@dataclass(frozen=True, slots=True)
class House:
    """What runs, and a client for each port."""

    vanthu: Vanthu
    postfix: Postfix
    sink: Sink

    def client(self, port: str = "plain", login: str | None = None) -> Client:
        """An SMTP client of a port (submission, plain, inbound)."""
        return Client(self.postfix.ports[port], login=login)


@pytest.fixture
def open_house() -> Iterator[Callable[..., House]]:
    """Starts a house; arguments are settings of the daemon and options of Postfix."""
    with ExitStack() as stack:

        def start(
            settings: dict[str, Any] | None = None, policies: Path = HERE / "policies",
            env: dict[str, str] | None = None, small: dict[str, str] | None = None, **options: Any,
        ) -> House:  # fmt: skip
            vanthu = stack.enter_context(
                Vanthu(policies=policies, register=REGISTER, settings=settings, env=env, small=small)
            )
            sink = stack.enter_context(Sink(free_port()))
            ours = milter(vanthu.socket)
            listeners = [
                Listener("submission", milters=ours, daemon_name="submission", sasl=True),
                Listener("plain", milters=ours, daemon_name="submission"),
                Listener(
                    "inbound",
                    milters=milter(vanthu.socket, default_action="accept"),
                    daemon_name="inbound",
                    options={"smtpd_relay_restrictions": "reject_unauth_destination"},
                ),
                *options.pop("more", []),
            ]
            logins = {LOGIN: "secret", **options.pop("logins", {})}
            parameters = {"relay_domains": "hathanh.gov.vn", **options.pop("parameters", {})}
            postfix = Postfix(
                listeners,
                next_hop=sink.port,
                logins=logins,
                non_smtpd_milters=ours,
                parameters=parameters,
                **options,
            )
            stack.enter_context(postfix)
            return House(vanthu, postfix, sink)

        yield start


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    """A house with the settings of the laboratory."""
    return open_house()
