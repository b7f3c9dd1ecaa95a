"""One reading of a Postfix configuration, by postconf(1) alone, so that ``$name`` is expanded as Postfix does it.

A service of master.cf sees its own ``-o`` overrides, also those of parameters that others refer to: so its values are
asked of ``postconf -x -o …`` with all of them. Raises PostfixError where postconf cannot read the folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .instance import Instance

# Names and numbers of RFC 6409 and RFC 8314 submission; Postfix called 465 "smtps" before 3.8.
SUBMISSION = frozenset({"submission", "587", "submissions", "smtps", "465"})
INBOUND = frozenset({"smtp", "25"})


@dataclass(frozen=True)
class Service:
    """One line of master.cf: ``name`` as ``postconf -P`` has it (submission/inet), the program, its own options."""

    name: str
    program: str
    chroot: str
    options: Mapping[str, str]
    instance: Instance

    @cached_property
    def values(self) -> Mapping[str, str]:
        """Every parameter as this service sees it, ``$name`` replaced."""
        options = [word for name, value in self.options.items() for word in ("-o", f"{name}={value}")]
        return _pairs(self.instance.ask("postconf", "-x", *options).output)

    @property
    def port(self) -> str:
        """Name or number of the port, without an address before it."""
        return self.name.rpartition("/")[0].rpartition(":")[2]

    @property
    def takes_submissions(self) -> bool:
        """Whether users submit mail here: by the name of the port, or because it asks for a login."""
        if self.program != "smtpd" or not self.name.endswith("/inet"):
            return False
        return self.port in SUBMISSION or self.values.get("smtpd_sasl_auth_enable") == "yes"


class Configuration:
    """What postconf says of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.values = _pairs(instance.ask("postconf", "-x").output)
        # Warnings of an incomplete or mistyped configuration come with any question; here they are kept.
        self.warnings = _told_once(instance.ask("postconf", "-n").warnings)
        self.set = _pairs(instance.ask("postconf", "-n").output)
        options = _pairs(instance.ask("postconf", "-P").output)
        fields = _pairs(instance.ask("postconf", "-F").output)
        self.services = tuple(_services(instance, fields, options))

    @property
    def folder(self) -> Path:
        """Where main.cf is."""
        return Path(self.values["config_directory"])

    @property
    def queue(self) -> Path:
        """The queue folder, which is the root of chrooted services."""
        return Path(self.values["queue_directory"])

    def service(self, name: str) -> Service | None:
        """A service by ``name/type``."""
        return next((one for one in self.services if one.name == name), None)

    def chrooted(self, service: Service) -> bool:
        """Whether a service is chrooted; ``-`` is the default, which was yes before compatibility level 1."""
        if service.chroot in ("y", "n"):
            return service.chroot == "y"
        level = self.values.get("compatibility_level", "0").partition(".")[0]
        return not level.isdigit() or int(level) < 1


def _services(instance: Instance, fields: Mapping[str, str], options: Mapping[str, str]) -> list[Service]:
    found = []
    for key, command in fields.items():
        name, _, field = key.rpartition("/")
        if field == "command" and command:
            own = {
                option.removeprefix(f"{name}/"): value
                for option, value in options.items()
                if option.startswith(f"{name}/")
            }
            found.append(Service(name, command.split()[0], fields.get(f"{name}/chroot", "-"), own, instance))
    return found


def _told_once(warnings: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.removeprefix("postconf: warning: ") for line in warnings))


def _pairs(text: str) -> dict[str, str]:
    lines = (line.partition(" =") for line in text.splitlines())
    return {name: value.strip() for name, _, value in lines}
