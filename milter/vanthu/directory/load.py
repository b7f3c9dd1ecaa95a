"""Loads the register from YAML and CSV files, and reports every problem of all of them in one run.

``load(None)`` is an empty register. A folder is read file by file in name order: ``*.yaml``, ``*.yml`` and ``*.csv``.

YAML::

    version: 1
    agencies:                      # a map by slug, or a list of maps with the key slug (the list may hold an agency
                                   # several times, as it was in spans of time that do not overlap)
      so-y-te: {name: Sở Y tế, kind: health, parent: ubnd-tinh, domains: [soyte.x.gov.vn],
                contacts: [vanthu.soyte@x.gov.vn], valid_from: 2020-01-01, valid_to: null}
    mailboxes:                     # a list, or a map by address
      - {address: annv.soyte@x.gov.vn, name: Nguyễn Văn An, agency: so-y-te, position: Chuyên viên,
         role: personal, private: [nguyenvanan1985@gmail.com], valid_from: null, valid_to: null}

CSV: a header row in English keys or Vietnamese column names (``Họ và tên``, ``Chức vụ``, ``Đơn vị``, ``Địa chỉ
thư điện tử`` …, case and diacritics do not matter), separated by comma, semicolon or tab; several values in one field
are separated by semicolon, comma or space. A file with a column ``slug`` holds agencies, others hold mailboxes.
A place in a CSV file is the line where the record begins and the number of the column, from 1.

An agency may be named by slug or by its name. Refused: unknown agencies, keys and columns, bad or duplicate
addresses, domains, roles and dates, and agencies that stand below themselves. Raises Problems.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import Problem, Problems
from ..garbage import not_collected
from .build import Builder
from .model import Register
from .tables import csv_rows, yaml_rows

_SUFFIXES = (".yaml", ".yml", ".csv")


def load(path: Path | None) -> Register:
    """The register of a file or folder; Problems when anything in it is wrong."""
    return Register({}, {}) if path is None else load_all([path])


def load_all(paths: Iterable[Path]) -> Register:
    """The one register of several files or folders."""
    with not_collected():  # nothing here is garbage yet, and looking for some takes a third of the time
        return _read(paths)


def _read(paths: Iterable[Path]) -> Register:
    builder = Builder()
    for file in [file for path in paths for file in _files(path, builder)]:
        rows = csv_rows if file.suffix.lower() == ".csv" else yaml_rows
        try:
            for row in rows(file, builder.problems):
                builder.add(row)
        except Problems as error:
            builder.problems.extend(error.problems)
    return builder.register()


def _files(path: Path, builder: Builder) -> list[Path]:
    if path.is_dir():
        found = sorted(f for f in path.iterdir() if f.suffix.lower() in _SUFFIXES and not f.name.startswith("."))
        if not found:
            builder.problems.append(Problem(str(path), 0, 0, "error", "holds no .yaml or .csv file of a register"))
        return found
    if not path.exists():
        builder.problems.append(
            Problem(str(path), 0, 0, "error", "no such file or folder; mend the setting register")
        )
        return []
    if path.suffix.lower() not in _SUFFIXES:
        builder.problems.append(Problem(str(path), 0, 0, "error", "is neither a .yaml nor a .csv file"))
        return []
    return [path]
