"""What scanners, old programs and careless copies do to a text."""

from __future__ import annotations

import random
import unicodedata

_DROPPED = {ord("đ"): "d", ord("Đ"): "D"}


def plain(text: str) -> str:
    """Typed without diacritics."""
    return "".join(c for c in unicodedata.normalize("NFD", text.translate(_DROPPED)) if not unicodedata.combining(c))


# What an English reading program makes of Vietnamese letters (seen in the text layers of scanned official letters).
_ENGLISH = {
    "ộ": "Qộ", "ọ": "go", "ậ": "fQp", "ạ": "4gq", "ấ": "6d", "ố": "66", "ồ": "6d", "ổ": "6", "ỗ": "6", "ô": "6o", "ă": "dd", "â": "dA", "à": "di", "á": "6d",  # noqa: E501
    "ả": "d", "ã": "d", "ế": "66", "ề": "6d", "ể": "6", "ễ": "6", "ệ": "QE", "ê": "6€", "é": "6", "ư": "ur", "ứ": "ir", "ừ": "u", "ử": "fri", "ữ": "u", "ự": "gr",  # noqa: E501
    "ơ": "oo", "ớ": "6o", "ờ": "o", "ở": "6", "ợ": "q", "ủ": "ri", "ú": "ri", "ù": "u", "ụ": "u", "ũ": "u", "í": "ii", "ì": "i", "ị": "!i", "ỉ": "i", "ý": "y", "đ": "d",  # noqa: E501
    "ắ": "d", "ằ": "d", "ặ": "d", "ầ": "A", "ẩ": "A", "ẫ": "A", "ó": "6", "ò": "d", "ỏ": "6", "õ": "6", "ỹ": "y", "ỳ": "y", "ỷ": "y", "ĩ": "i",  # noqa: E501
}  # fmt: skip
_ENGLISH_CAPITAL = {
    "Ộ": "QOo",
    "Ố": "OÓ",
    "Ồ": "O",
    "Ậ": "AA",
    "Ế": "EÉ",
    "Ệ": "E$",
    "Ủ": "UÜ",
    "Ấ": "A",
    "Ị": "I",
    "Ứ": "U",
    "Ữ": "U",
    "Ư": "U",
    "Ợ": "Q",
    "Ơ": "O",
    "Ẩ": "A",
}


def ocr(text: str, rng: random.Random, rate: float, english: bool) -> str:
    """Letters misread at ``rate``; ``english``: by a program that knows no Vietnamese, so that every mark is lost."""
    out: list[str] = []
    for char in text:
        if char == "\n":
            out.append(char)
            continue
        if english and ord(char) > 127:
            choice = _ENGLISH.get(char) or _ENGLISH_CAPITAL.get(char)
            bare = plain(char)
            out.append(rng.choice(choice) if choice and rng.random() < 0.5 else bare)
            continue
        roll = rng.random()
        if roll >= rate:
            out.append(char)
        elif roll < rate * 0.25 and char.isalpha():
            out.append(plain(char))
        elif roll < rate * 0.4:
            out.append(
                {
                    "l": "1",
                    "1": "l",
                    "0": "O",
                    "O": "0",
                    "I": "l",
                    "n": "r",
                    "m": "rn",
                    "h": "b",
                    "u": "ii",
                    ":": ";",
                    "a": "o",
                    "e": "c",
                    "g": "q",
                    ",": ".",
                }.get(char, char)
            )
        elif roll < rate * 0.5:
            continue
        elif roll < rate * 0.6 and char == " ":
            out.append("  ")
        elif roll < rate * 0.7 and char.isalpha() and ord(char) > 127:
            near = [
                c
                for c in "áàảãạăắằẳẵặâấầẩẫậéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ"
                if plain(c) == plain(char.lower())
            ]
            chosen = rng.choice(near) if near else char
            out.append(chosen.upper() if char.isupper() else chosen)
        else:
            out.append(char)
    return "".join(out)


def kept(text: str, facts: tuple[str, ...], noisy: str) -> bool:
    """Whether the noise left these strings readable (a figure that is gone cannot be asked for)."""
    return all(fact in noisy for fact in facts)


def specks(text: str, rng: random.Random) -> str:
    """Barcode digits, stamps and ticks between the lines."""
    lines = text.split("\n")
    for _ in range(rng.randint(1, 4)):
        lines.insert(
            rng.randint(0, len(lines)),
            rng.choice(["09533981", "✓", "~ , .", "| |", "ĐẾN Số: 7264", "Ngày: 31/7/18", "Chuyển:", "1"]),
        )
    return "\n".join(lines)


def flat(text: str) -> str:
    """All in one line, as crawlers leave it."""
    return " ".join(text.split())


def broken(text: str, rng: random.Random) -> str:
    """Lines broken at odd places and words split."""
    return "\n".join(
        line[: (cut := rng.randint(10, len(line)))] + "\n" + line[cut:]
        if len(line) > 60 and rng.random() < 0.6
        else line
        for line in text.split("\n")
    )
