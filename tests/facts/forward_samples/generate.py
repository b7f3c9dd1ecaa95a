"""The generated mail: forwards and what is none, from a seed; the same seed gives the same mail."""

from __future__ import annotations

import html
import json
import random
from collections.abc import Iterator
from pathlib import Path

from . import fixed, layouts, markup
from .mail import Sample, build
from .people import NOTES, Letter, Person, letter, person

LOCALES: dict[str, dict[str, dict[str, str]]] = json.loads(
    Path(__file__).with_name("locales.json").read_text("utf-8")
)


def _text(template: str, item: Letter, date: str) -> str:
    values = {
        "{F}": item.author.shown,
        "{A}": item.author.address,
        "{N}": item.author.name,
        "{T}": item.to.address,
        "{D}": date,
        "{S}": item.subject,
        "{B}": item.text,
    }
    for key, value in values.items():
        template = template.replace(key, value)
    return template


def _markup(template: str, note: str, item: Letter, date: str) -> str:
    escaped = Letter(
        item.author,
        item.to,
        item.cc,
        html.escape(item.subject),
        item.time,
        html.escape(item.text).replace("\n", "<br>"),
    )
    filled = template.replace("{note}", html.escape(note).replace("\n", "<br>")).replace(
        "{H}", html.escape(item.author.shown)
    )
    return _text(filled, escaped, html.escape(date))


def _in_markup(rng: random.Random, name: str, template: str, answer: bool) -> Sample:
    item = letter(rng)
    to = item.author if answer else person(rng)
    subject = ("Re: " if answer else rng.choice(["Fwd: ", "FW: "])) + item.subject
    source = _markup(template, rng.choice(NOTES), item, layouts.date_words(rng, item.time, "vi"))
    headers = {"In-Reply-To": "<1@x.example>"} if answer or rng.random() < 0.3 else {}
    raw = build(rng, item.to, [to], subject, "", source, headers=headers, shape="html")
    return Sample(
        f"html {name}", "", not answer, raw, item.author.address, item.subject, (to.address,), item.to.address
    )


def _forward(rng: random.Random, name: str, language: str, subject: str, text: str, item: Letter) -> Sample:
    sender, to = item.to, person(rng)
    headers = {}
    if rng.random() < 0.5:
        headers["References"] = "<1@x.example>"
    if rng.random() < 0.3:
        headers["In-Reply-To"] = "<1@x.example>"
    note = rng.choice(NOTES)
    body = f"{note}\n\n{text}" if rng.random() < 0.9 else text
    return Sample(
        name,
        language,
        True,
        build(rng, sender, [to], subject, body, headers=headers),
        item.author.address,
        item.subject,
        (to.address,),
        sender.address,
    )


def forwards(seed: int, languages: list[str] | None = None) -> Iterator[Sample]:
    """Every layout in the words of every client and language, and the clients with wording of their own."""
    rng = random.Random(seed)
    for language, clients in sorted(LOCALES.items()):
        if languages is not None and language not in languages:
            continue
        for client, words in sorted(clients.items()):
            if not {"from", "to", "date", "subject"} <= words.keys():
                continue
            for name in rng.sample(sorted(layouts.FORWARDS), 3):
                item = letter(rng)
                prefix = rng.choice(
                    [
                        "Fwd: ",
                        "Fwd: ",
                        "FW: ",
                        "Fw: ",
                        ""
                        if name in ("thunderbird", "zimbra", "evolution", "owa") and "forward" in words
                        else "Fwd: ",
                    ]
                )
                if item.subject.startswith("Re:") and not prefix:
                    prefix = "Fwd: "
                text = layouts.FORWARDS[name](rng, words, language, item)
                yield _forward(rng, f"{client}/{name}", language, prefix + item.subject, text, item)
    if languages is None:
        for name, (prefix, template) in fixed.FORWARDS.items():
            for _ in range(4):
                item = letter(rng)
                text = _text(template, item, layouts.date_words(rng, item.time, name.rpartition("-")[2]))
                start = _text(prefix, item, "")
                yield _forward(rng, name, "", start if "{S}" in prefix else start + item.subject, text, item)

    if languages is None:
        for name, template in markup.FORWARDS.items():
            for _ in range(6):
                yield _in_markup(rng, name, template, answer=False)


def _reply(rng: random.Random, name: str, language: str, subject: str, text: str, item: Letter) -> Sample:
    sender = item.to
    recipients = [item.author] + ([item.cc] if item.cc and rng.random() < 0.5 else [])
    if rng.random() < 0.2:
        recipients.append(person(rng))
    headers = {"In-Reply-To": "<1@x.example>", "References": "<1@x.example>"} if rng.random() < 0.9 else {}
    raw = build(rng, sender, recipients, subject, f"{rng.choice(NOTES)}\n\n{text}", headers=headers)
    return Sample(name, language, False, raw, None, None, tuple(each.address for each in recipients), sender.address)


def others(seed: int, languages: list[str] | None = None) -> Iterator[Sample]:
    """Answers of the same clients, and ordinary mail."""
    rng = random.Random(seed)
    for language, clients in sorted(LOCALES.items()):
        if languages is not None and language not in languages:
            continue
        for client, words in sorted(clients.items()):
            if not {"from", "to", "date", "subject"} <= words.keys():
                continue
            for name in [*rng.sample(sorted(layouts.REPLIES), 3), "attributed"]:
                item = letter(rng)
                prefix = rng.choice(["Re: ", "Re: ", "RE: ", "AW: ", "SV: ", "Trả lời: "])
                yield _reply(
                    rng,
                    f"reply {client}/{name}",
                    language,
                    prefix + item.subject,
                    layouts.REPLIES[name](rng, words, language, item),
                    item,
                )
    if languages is not None:
        return
    for name, (prefix, template) in fixed.REPLIES.items():
        for _ in range(6):
            item = letter(rng)
            text = _text(template, item, layouts.date_words(rng, item.time, name.rpartition("-")[2]))
            yield _reply(rng, f"reply {name}", "", prefix + item.subject, text, item)
    for name, template in markup.REPLIES.items():
        for _ in range(6):
            yield _in_markup(rng, name, template, answer=True)
    for subject, text in fixed.ORDINARY.items():
        for _ in range(6):
            yield _ordinary(rng, subject, text)


def _ordinary(rng: random.Random, subject: str, text: str) -> Sample:
    sender, to = person(rng), person(rng)
    headers = {"References": "<2@x.example>", "In-Reply-To": "<2@x.example>"} if rng.random() < 0.2 else {}
    prefix = rng.choice(["", "", "", "Re: "])
    raw = build(
        rng,
        sender,
        [to],
        prefix + subject,
        f"{rng.choice(NOTES)}\n\n{text}",
        headers=headers,
        files=rng.choice([0, 0, 1]),
    )
    return Sample(f"ordinary {subject}", "", False, raw, None, None, (to.address,), sender.address)


__all__ = ["LOCALES", "Person", "Sample", "forwards", "others"]
