"""Invented people, subjects, dates and texts of many languages, for generated mail."""

# ruff: noqa: E501
from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NAMES = (
    "Nguyễn Văn An", "Trần Thị Bích", "Lê Hoàng Minh", "Phạm Quốc Khánh", "Hans Müller", "Marie Lefèvre", "José García",
    "Анна Петрова", "Олена Коваль", "山田 太郎", "王小明", "김철수", "محمد علي", "דנה כהן", "Γιώργος Παπαδόπουλος",
    "Åsa Öberg", "Jürgen Groß", "João Ribeiro", "Zoë van den Berg", "Kovács Péter", "สมชาย ใจดี", "राम शर्मा", "O'Neil, Pat",
    "Văn thư Sở Y tế", "Phòng Tổ chức - Hành chính",
)  # fmt: skip
DOMAINS = (
    "soyte.quangngai.gov.vn",
    "dongnai.gov.vn",
    "acme.example",
    "firma.example",
    "gmail.com",
    "yahoo.com.vn",
    "org.example",
)
SUBJECTS = (
    "V/v báo cáo tháng 9", "Họp giao ban tuần: nội dung", "Quarterly report", "Angebot Nr. 2024-17", "Réunion de mardi", "会议通知",
    "Отчёт за квартал", "Re: Hợp đồng thuê xe", "תזכורת", "Kế hoạch số 12/KH-UBND", "Invoice 10:30", "見積もりの件", "Lịch trực tết",
)  # fmt: skip
NOTES = (
    "", "Kính chuyển anh/chị xem.", "FYI", "Bitte um Prüfung.\n\nViele Grüße\nHans", "Anh xem giúp em nhé.\n\nTrân trọng,\n-- \nNguyễn Văn An\nĐT: 0912 345 678",
    "See below.\nThanks!", "Chị ơi, gửi chị file hôm qua em nói.\n\nGửi từ iPhone của tôi", "Pour information :\n", "请看下面的邮件。",
    "Kính gửi: Ban Giám đốc\n\nPhòng kính chuyển nội dung dưới đây:\n- Thời gian: 8h00\n- Địa điểm: Phòng họp số 2",
)  # fmt: skip
BODIES = (
    "Kính gửi các đơn vị,\n\nĐề nghị báo cáo trước ngày 30/9.\nThời gian: 8h00\n\nTrân trọng.", "Dear all,\n\nplease find attached the report.\n\nBest\nPat",
    "Sehr geehrte Damen und Herren,\n\nanbei die Unterlagen.\nTel.: 0123 / 456", "大家好,\n\n附件是会议资料。\n谢谢", "Добрый день!\n\nВо вложении отчёт.\n\nС уважением,\nАнна",
    "Ok.", "Line one\nLine two: with colon\nLine three",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    name: str
    address: str

    @property
    def shown(self) -> str:
        quoted = f'"{self.name}"' if "," in self.name else self.name
        return f"{quoted} <{self.address}>"


@dataclass(frozen=True)
class Letter:
    """What the mail that is quoted said."""

    author: Person
    to: Person
    cc: Person | None
    subject: str
    time: datetime
    text: str


def person(rng: random.Random) -> Person:
    name = rng.choice(NAMES)
    return Person(
        name,
        f"{rng.choice('abcdefghkm')}{rng.randrange(10, 9999)}.{rng.choice(['an', 'minh', 'x'])}@{rng.choice(DOMAINS)}",
    )


def letter(rng: random.Random) -> Letter:
    moment = datetime(2019, 1, 1, 7, 0, tzinfo=UTC) + timedelta(minutes=rng.randrange(4_000_000))
    cc = person(rng) if rng.random() < 0.3 else None
    return Letter(person(rng), person(rng), cc, rng.choice(SUBJECTS), moment, rng.choice(BODIES))


def date_words(rng: random.Random, moment: datetime, language: str) -> str:
    """A date as clients print it, in one of the usual manners of a language."""
    day, month, year, clock = moment.day, moment.month, moment.year, f"{moment:%H:%M}"
    by_language = {
        "vi": [f"Thứ Hai, {day} tháng {month}, {year} {clock}", f"Th 2, {day} thg {month}, {year} vào lúc {clock}"],
        "de": [f"Montag, {day}. März {year} {clock}", f"Mo., {day}. März {year} um {clock} Uhr"],
        "fr": [f"lundi {day} mars {year} {clock}", f"lun. {day} mars {year} à {clock}"],
        "es": [f"lunes, {day} de marzo de {year} {clock}"],
        "ja": [f"{year}年{month}月{day}日(月) {clock}"],
        "zh": [f"{year}年{month}月{day}日(星期一) 上午{clock}", f"{year}年{month}月{day}日 {clock}"],
        "ko": [f"{year}년 {month}월 {day}일 (월) 오후 {clock}"],
        "ru": [f"понедельник, {day} марта {year} г., {clock}"],
        "th": [f"วันจันทร์ที่ {day} มีนาคม {year + 543} {clock}"],
        "hu": [f"{year}. március {day}., hétfő {clock}"],
    }
    common = [
        f"{moment:%a, %d %b %Y %H:%M:%S} +0700", f"{moment:%d/%m/%Y %H:%M}", f"{moment:%Y-%m-%d %H:%M}", f"{moment:%d.%m.%Y %H:%M:%S}",
        f"{moment:%m/%d/%y %I:%M %p}", f"{moment:%A, %B %d, %Y %I:%M %p}",
    ]  # fmt: skip
    return rng.choice(by_language.get(language[:2], common) + common[:2])
