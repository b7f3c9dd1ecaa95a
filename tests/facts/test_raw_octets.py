"""``vanthu facts`` over octets that are no UTF-8: in addresses, header fields, options and the file's own name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

RAW = (
    b"Return-Path: <ng\xf4@x.vn>\r\nFrom: Ng\xf4 <ng\xf4@x.vn>\r\nTo: <\xff\xfe@gmail.com>, b@y\xe1.vn\r\n"
    b"Subject: =?utf-7?q?+2AA-?= \xe1\xba\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n+2AA- x\xff\r\n"
)


def facts(folder: Path, *arguments: bytes) -> dict[str, object]:
    command = [os.fsencode(sys.executable), b"-m", b"vanthu", b"facts", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.decode("utf-8").splitlines()
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def test_every_fact_can_be_written_down(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/th\xff\xb0.eml"
    with open(name, "wb") as file:  # noqa: PTH123  a Path cannot be made of these octets on every system
        file.write(RAW)
    found = facts(tmp_path, name)
    assert len(found["recipients"]) == 2  # type: ignore[arg-type]
    assert str(found["path"]).endswith(".eml")
    assert json.dumps(found, ensure_ascii=False).encode("utf-8")


def test_options_too(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(RAW)
    found = facts(
        tmp_path, b"--sender", b"ng\xf4@x.vn", b"--recipient", b"\xff@gmail.com", b"--login", b"\xfe", b"a.eml"
    )
    assert found["login"] == "\ufffd"
    assert found["recipients"][0]["class"] == "public"  # type: ignore[index]
