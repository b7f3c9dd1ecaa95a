"""A page in real headless Chromium: its tree after rendering, a picture of it, and it on paper.

The browser has a profile of its own in the folder that it is given and no network. Raises RuntimeError with what it
said where it gives nothing.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-extensions",
    "--disable-background-networking", "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr", "--v=0",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Browser:
    """``folder`` holds profile and output."""

    folder: Path

    def tree(self, page: Path, width: int = 1280) -> tuple[str, list[str]]:
        """The document after it was rendered, and what its console said."""
        done = self._run("--dump-dom", f"--window-size={width},1000", page.as_uri())
        return done.stdout, [line for line in done.stderr.splitlines() if ":CONSOLE" in line]

    def picture(self, page: Path, *, dark: bool = False, width: int = 1280, height: int = 1600) -> Path:
        """A PNG of what one sees."""
        file = self.folder / ("dark.png" if dark else "light.png")
        scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
        done = self._run(scheme, f"--screenshot={file}", f"--window-size={width},{height}", page.as_uri())
        return _made(file, done)

    def paper(self, page: Path) -> Path:
        """A PDF as a printer would get it."""
        file = self.folder / "page.pdf"
        return _made(file, self._run("--no-pdf-header-footer", f"--print-to-pdf={file}", page.as_uri()))

    def _run(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["chromium", *_QUIET, f"--user-data-dir={self.folder}/profile", *options],
            capture_output=True, text=True, timeout=180, check=False,
            env={**os.environ, "HOME": str(self.folder), "XDG_RUNTIME_DIR": str(self.folder)},
        )  # fmt: skip


def _made(file: Path, done: subprocess.CompletedProcess[str]) -> Path:
    if not file.exists():
        raise RuntimeError(f"chromium made no {file.name}: {done.stderr[-2000:]}")
    return file
