"""Notices in the operator's words: replaced one by one, tried before they are used, and never silent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vanthu.projections.notice_samples import samples
from vanthu.projections.notice_templates import NAMES, Templates, problems

PAGE = (Path(__file__).parents[2] / "docs" / "notices.md").read_text("utf-8")
SAMPLES = samples()
ALL = [(name, values) for name, several in SAMPLES.items() for values in several]


def test_every_shipped_notice_is_a_mail_in_two_languages() -> None:
    for name, values in ALL:
        subject, text, html = Templates().mail(name, values)
        vietnamese, english = text.split("\n\n----\n\n")
        assert subject and "\n" not in subject
        assert vietnamese.strip() and english.strip()
        assert max(map(len, text.splitlines())) <= 90, "only what cannot be broken is longer than 76"
        assert "\n\n\n" not in text
        assert html.count("<div lang=") == 2
        assert "None" not in text and "{{" not in text


def test_a_secret_has_neither_subject_nor_the_usual_advice() -> None:
    for name, values in ALL:
        if values.get("secret"):
            _, text, _ = Templates().mail(name, values)
            assert "Họp" not in text
            assert "Không gửi lại" in " ".join(text.split())


def test_one_template_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    (example,) = re.findall(r"```jinja\n(.*?)```", PAGE, re.S)
    (tmp_path / "advice.vi.j2").write_text(example, "utf-8")
    assert not list(problems(tmp_path, SAMPLES))
    _, text, html = Templates(tmp_path).mail("notice", SAMPLES["notice"][0])
    assert "số máy lẻ 108" in text
    assert "số máy lẻ 108" in html
    assert "Thư đã được gửi đi" in text


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("advice.vi.j2", "{{ reccord }}", "'reccord' is undefined"),
        (
            "advice.vi.j2",
            "x\n{% if %}",
            "advice.vi.j2:2:0: warning: the shipped template is used: Expected an expression",
        ),
        ("notice.txt.j2", "Chào", "the first line must be the subject"),
        ("notice.txt.j2", "Subject: x\nBcc: y\n\nz", "the first line must be the subject"),
        ("digest.txt.j2", "Subject: x\n\n{{ entries[99].record }}", "has no element 99"),
        ("monthly.txt.j2", "Subject: x\n\n{{ ''.__class__.__mro__ }}", "is unsafe"),
        (
            "notice.txt.j2",
            "Subject: x\n\n{% for i in range(90000) %}xxxxxxxxx{% endfor %}",
            "characters are too many",
        ),
        ("notice.j2", "x", "no notice uses this template; did you mean"),
    ],
)
def test_check_finds_what_fails_and_nobody_is_silenced(tmp_path: Path, name: str, written: str, said: str) -> None:
    (tmp_path / name).write_text(written, "utf-8")
    assert any(said in str(problem) for problem in problems(tmp_path, SAMPLES))
    heard: list[str] = []
    templates = Templates(tmp_path, heard.append)
    for kind, values in SAMPLES.items():
        assert templates.mail(kind, values[0])[1:] == Templates().mail(kind, values[0])[1:]
    assert bool(heard) == (name in NAMES)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path / "none", SAMPLES)
    assert "no such folder" in str(problem)


def test_html_is_escaped_in_pages_of_their_own_too(tmp_path: Path) -> None:
    (tmp_path / "page.html.j2").write_text("<p>{{ parts[0].html }}</p>", "utf-8")
    values = dict(SAMPLES["notice"][0], subject="<script>")
    _, text, html = Templates(tmp_path).mail("notice", values)
    assert "<script>" in text
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_page_names_every_template_and_every_value() -> None:
    assert {name for name in NAMES if f"`{name}`" not in PAGE} == set()
    for name, several in SAMPLES.items():
        for values in several:
            assert {key for key in values if f"`{key}`" not in PAGE} == set(), name
    for entry in SAMPLES["monthly"][0]["entries"]:
        assert {key for key in entry if f"`{key}`" not in PAGE} == set()
