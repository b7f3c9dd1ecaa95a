"""How mail clients lay out the mail that they forward or answer: one function a client, text in, text out.

Words come from ``locales.json`` (names of header fields, announcements, attribution lines of the clients' public
translations) or, for clients without one, stand here.
"""

# ruff: noqa: E501
from __future__ import annotations

import random
from collections.abc import Callable

from .people import Letter, date_words

Words = dict[str, str]
Layout = Callable[[random.Random, Words, str, Letter], str]


def quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def fields(
    rng: random.Random, words: Words, language: str, letter: Letter, order: str, colon: str = ": "
) -> list[str]:
    """``order`` names the lines: f(rom) t(o) c(c) d(ate) s(ubject)."""
    date = date_words(rng, letter.time, language)
    lines = {
        "f": f"{words['from']}{colon}{letter.author.shown}", "t": f"{words['to']}{colon}{letter.to.shown}", "d": f"{words['date']}{colon}{date}",
        "s": f"{words['subject']}{colon}{letter.subject}", "c": f"{words.get('cc', 'Cc')}{colon}{letter.cc.shown}" if letter.cc else "",
    }  # fmt: skip
    return [lines[key] for key in order if lines[key]]


def _block(order: str, above: str, between: str = "", colon: str = ": ") -> Layout:
    def layout(rng: random.Random, words: Words, language: str, letter: Letter) -> str:
        head = above.format(
            forward=words.get("forward", "Forwarded message").strip(" -:"),
            original=words.get("original", "Original Message").strip(" -:"),
        )
        return (
            "\n".join([head, *([between] if between else []), *fields(rng, words, language, letter, order, colon)])
            + f"\n\n{letter.text}\n"
        )

    return layout


def apple(rng: random.Random, words: Words, language: str, letter: Letter) -> str:
    inner = "\n".join([*fields(rng, words, language, letter, "fsdtc"), "", letter.text])
    return f"{words.get('forward', 'Begin forwarded message').strip(' -:')}:\n\n{quoted(inner)}\n"


def bold(rng: random.Random, words: Words, language: str, letter: Letter) -> str:
    lines = [f"*{line.replace(': ', ':* ', 1)}" for line in fields(rng, words, language, letter, "fdtcs")]
    return "\n".join(["________________________________", *lines, "", letter.text])


def spaced(rng: random.Random, words: Words, language: str, letter: Letter) -> str:
    return "\n\n".join(
        [
            "-------- " + words.get("forward", "Forwarded message").strip(" -:") + " --------",
            *fields(rng, words, language, letter, "sdft", " : "),
            letter.text,
        ]
    )


def names_only(rng: random.Random, words: Words, language: str, letter: Letter) -> str:
    """Outlook inside one organisation prints names without addresses."""
    date = date_words(rng, letter.time, language)
    lines = [
        f"{words['from']}: {letter.author.name}",
        f"{words['date']}: {date}",
        f"{words['to']}: {letter.to.name}",
        f"{words['subject']}: {letter.subject}",
    ]
    return "\n".join(
        ["-----" + words.get("original", "Original Message").strip(" -:") + "-----", *lines, "", letter.text]
    )


FORWARDS: dict[str, Layout] = {
    "thunderbird": _block("sdftc", "-------- {forward} --------"),
    "roundcube": _block("sdftc", "-------- {original} --------"),
    "evolution": _block("ftcsd", "-------- {forward} --------"),
    "geary": _block("fsdt", "---------- {forward} ----------", colon=" : "),
    "kmail": _block("sdft", "----------  {forward}  ----------", "\n"),
    "claws": _block("dfts", "\n\n{forward}:\n"),
    "zimbra": _block("ftcds", "----- {forward} -----"),
    "owa": _block("fdtcs", "________________________________"),
    "k9": _block("fdtcs", "-------- {original} --------"),
    "wide-colon": _block("fdtcs", "------------------ {original} ------------------", colon="："),
    "horde": _block("dfst", "----- {forward} -----", colon=": "),
    "apple": apple,
    "outlook-bold": bold,
    "spaced": spaced,
    "names-only": names_only,
    "rule-less": _block("fdtcs", ""),
}
"""Forwards in the words of any language."""


def attribution(rng: random.Random, words: Words, language: str, letter: Letter) -> str:
    template = words.get("attribution", "On {date}, {who} wrote:")
    moment = letter.time
    values = {
        "who": letter.author.shown, "date": date_words(rng, moment, language), "time": f"{moment:%H:%M}", "AbbrevWeekdayName": "Mon", "WeekdayName": "Monday",
        "Day": str(moment.day), "Month": f"{moment:%m}", "Year": str(moment.year), "24Hour": f"{moment:%H}", "Minute": f"{moment:%M}", "TimeZone": "+0700",
        "MonthName": "March", "AbbrevMonthName": "Mar", "Hour": "10", "AmPm": "AM", "12Hour": "10",
    }  # fmt: skip
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    if rng.random() < 0.3:
        template = template.replace(letter.author.shown, letter.author.name)
    elif rng.random() < 0.3:
        template = template.replace(" <", "\n<", 1)
    return template


def attributed(rng: random.Random, words: Words, language: str, letter: Letter) -> str:
    return f"{attribution(rng, words, language, letter)}\n\n{quoted(letter.text)}\n"


def attributed_forward(rng: random.Random, words: Words, language: str, letter: Letter) -> str:
    """An answer to a mail that was a forward: the forward is quoted deeper."""
    inner = FORWARDS[rng.choice(["thunderbird", "zimbra", "owa"])](rng, words, language, letter)
    return f"{attribution(rng, words, language, letter)}\n{quoted(inner)}\n"


REPLIES: dict[str, Layout] = {
    "attributed": attributed,
    "attributed-forward": attributed_forward,
    "outlook": _block("fdtcs", "________________________________"),
    "original": _block("fdtcs", "-----{original}-----"),
    "names-only": names_only,
    "bold": bold,
    "wide-colon": _block("fdtcs", "------------------ {original} ------------------", colon="："),
}
"""Answers in the words of any language."""
