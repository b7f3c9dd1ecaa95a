"""Provider lists load, and say everything that is wrong with them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from vanthu import shipped
from vanthu.errors import Problems
from vanthu.providers.load import load


def problems_of(folder: Path, official: tuple[str, ...] = (), government: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(Problems) as caught:
        load(folder, official=official, government=government)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def test_every_problem_of_every_file_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "version: 1\n"
        "families:\n"
        "  one: {class: publik, domains: [a.example]}\n"
        "  two:\n"
        "    class: public\n"
        "    domain: [b.example]\n",
        "utf-8",
    )
    (tmp_path / "b.yaml").write_text(
        "version: 1\n"
        "families:\n"
        "  one: {class: public, domains: [c.example, 'not a domain']}\n"
        "  two: {class: public, domains: [C.example., gmail.com]}\n"
        "overrides:\n"
        "  'x y.vn': {class: other}\n",
        "utf-8",
    )
    (tmp_path / "c.txt").write_text("# class: public\ngood.example\nbad domain\n", "utf-8")
    (tmp_path / "d.txt").write_text("# class: publik\ngood.example\n", "utf-8")
    found = problems_of(tmp_path)
    assert any(line.startswith("a.yaml:3:16: error: class:") for line in found)
    assert "a.yaml:6:5: error: unknown key domain; did you mean domains?" in found
    assert "b.yaml:3:45: error: not a domain: 'not a domain'" in found
    assert "b.yaml:4:34: error: c.example stands twice; the other is b.yaml: one: c.example" in found
    assert any(line.endswith("gmail.com stands twice; the other is b.yaml: two: gmail.com") for line in found)
    assert "b.yaml:6:3: error: not a domain: 'x y.vn'" in found
    assert "c.txt:3:1: error: not a domain: 'bad domain'" in found
    assert (
        "d.txt:1:1: error: says no known class in a line '# class: public' at its top; did you mean public?" in found
    )
    assert len(found) == 8


def test_a_top_level_domain_is_no_office(tmp_path: Path) -> None:
    assert problems_of(tmp_path, ("vn",), ("Com.",)) == [
        "settings government.domains:0:0: error: 'Com.' is not a domain of an office; write one such as x.gov.vn",
        "settings own.domains:0:0: error: 'vn' is not a domain of an office; write one such as x.gov.vn",
    ]


def test_single_source_speaks_of_entries(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("families: {a: {class: public, single_source: [x.example]}}\n", "utf-8")
    assert problems_of(tmp_path) == ["a.yaml:1:15: error: a: single_source names what stands nowhere else: x.example"]


def test_a_provider_of_free_mailboxes_is_no_office(tmp_path: Path) -> None:
    assert problems_of(tmp_path, ("GMAIL.com", "tenant.onmicrosoft.com")) == [
        "settings own.domains:0:0: error: gmail.com gives mailboxes to anybody (families.yaml: google: gmail.com); "
        "take it out, or write an override",
    ]
    (tmp_path / "overrides.yaml").write_text("overrides: {gmail.com: {class: official}}\n", "utf-8")
    assert load(tmp_path, official=["gmail.com"], government=()).classify("gmail.com").class_ == "official"


def test_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="no such folder of provider lists"):
        load(tmp_path / "none", official=(), government=())


def test_an_operators_list_is_folded(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("# class: public\nThư.example  # webmail\n\nMAIL.example.\n", "utf-8")
    providers = load(tmp_path, official=(), government=())
    assert providers.classify("an@thư.example").because == "own.txt: xn--th-e0a.example"
    assert providers.classify("an@mail.example").class_ == "public"


def test_the_digest_tells_lists_and_settings_apart(tmp_path: Path) -> None:
    plain = load(tmp_path, official=(), government=()).digest
    assert load(tmp_path, official=(), government=()).digest == plain
    assert load(tmp_path, official=("a.vn",), government=()).digest != plain
    assert load(tmp_path, official=(), government=("a.vn",)).digest != plain
    (tmp_path / "own.txt").write_text("# class: public\na.example\n", "utf-8")
    assert load(tmp_path, official=(), government=()).digest != plain


def test_a_hundred_thousand_domains_load_at_once(tmp_path: Path) -> None:
    body = "".join(f"domain{number}.example\n" for number in range(130_000))
    (tmp_path / "big.txt").write_text(f"# class: disposable\n{body}", "utf-8")
    begun = time.process_time()
    providers = load(tmp_path, official=(), government=())
    assert time.process_time() - begun < 1.0
    assert providers.classify("domain129999.example").class_ == "disposable"


def test_shipped_long_lists_hold_no_public_bodies_and_say_where_they_come_from() -> None:
    for name in ("free.txt", "disposable.txt"):
        lines = (shipped.providers() / name).read_text("utf-8").splitlines()
        head = [line for line in lines if line.startswith("#")]
        assert {line.split(":")[0] for line in head} >= {"# class", "# source", "# licence", "# date"}
        domains = lines[len(head) :]
        assert domains == sorted(set(domains))
        assert all("." in domain for domain in domains)
        assert not [d for d in domains if d.endswith((".gov.vn", ".edu.vn", ".gov.uk", ".ac.uk", ".edu"))]
