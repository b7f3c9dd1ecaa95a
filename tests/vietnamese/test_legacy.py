"""Legacy encodings: recognised where they are, and no honest text of another language is ever touched."""

from __future__ import annotations

import json
import time
import unicodedata
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.vietnamese.legacy import decode_viscii, to_unicode

LETTER = """CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 1017/UBND-VX
Quảng Ngãi, ngày 26 tháng 3 năm 2014
Kính gửi: Các sở, ban ngành; Ủy ban nhân dân các huyện, thành phố.
Thực hiện Chỉ thị số 15/CT-TTg, Chủ tịch yêu cầu thủ trưởng các đơn vị không sử dụng hộp thư công cộng
(Yahoo, Gmail) để gửi, nhận văn bản; địa chỉ: vanthu@quangngai.gov.vn hoặc https://quangngai.gov.vn/tin.
Nơi nhận: - Như trên; - Lưu: VT. Ở đây, ý kiến của ông A được ghi nhận."""
_TABLES = json.loads(resources.files("vanthu.vietnamese").joinpath("legacy.json").read_text("utf-8"))


def _encoded(text: str, kind: str) -> str:
    """``text`` as a typist of that time had it."""
    if kind == "tcvn3":
        table = {letter: chr(int(code, 16)) for code, letter in _TABLES["tcvn3"]["codes"].items()}
        return "".join(table.get(char) or table.get(char.lower(), char) for char in text)
    table = {letter: unit for unit, letter in _TABLES[kind]["units"].items()}
    return "".join(table.get(char, char) for char in text)


@pytest.mark.parametrize("kind", ["tcvn3", "vni", "viqr"])
def test_a_letter_comes_back(kind: str) -> None:
    text, found = to_unicode(_encoded(LETTER, kind))
    assert found == kind
    if kind == "tcvn3":
        assert text.casefold() == LETTER.casefold()
    else:
        assert text == LETTER


@pytest.mark.parametrize("kind", ["tcvn3", "vni", "viqr"])
def test_capitals_of_a_head_are_capitals(kind: str) -> None:
    text, _ = to_unicode(_encoded(LETTER + "\nTUYỆT MẬT\nHỎA TỐC", kind))
    assert text.split("\n")[0] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert text.endswith("TUYỆT MẬT\nHỎA TỐC")


@pytest.mark.parametrize(
    ("kind", "phrase"),
    [
        (kind, name)
        for name, forms in _TABLES["signatures"].items()
        for kind in ("tcvn3", "vni", "viqr")
        if name.count(" ") >= 2 and (kind != "viqr" or "^" in forms["viqr"])
    ],
)
def test_phrases_of_official_papers_are_enough(kind: str, phrase: str) -> None:
    written = _TABLES["signatures"][phrase][kind]
    assert to_unicode(written)[0].casefold() == phrase.casefold()


OTHERS = {
    "german": "Sehr geehrte Damen und Herren, für die Übersendung der Unterlagen danken wir. Die Prüfung läuft; "
    "größere "
    "Änderungen können wir ausschließen. § 15 Absatz 3 gilt, ±5 %, 10 m², «Anführung». Schöne Grüße, Jörg Müller",
    "french": "Nous avons l'honneur de vous faire part de la réunion où l'été dernier a été évoqué : « très "
    "bien », "
    "dit-elle, à côté de l'hôtel. Ça va ? Là-bas, né à Orléans, le procès-verbal n° 15 coûte 5 €. Où êtes-vous ?",
    "czech": "Vážený pane, děkuji za Váš dopis. Příští týden přijedu do Prahy, kde bude jednání o smlouvě. "
    "S pozdravem Jiří Dvořák, náměstek ředitele pro výzkum a vývoj",
    "spanish": "Estimado señor: el año pasado, según la resolución, se aprobó la construcción. ¿Qué opina "
    "usted? ¡Mañana! "
    "El niño comió piñas. 1.º y 2.ª planta. Atentamente, José Ibáñez",
    "portuguese": "Não há informação sobre a reunião de amanhã. A decisão será tomada às 10 h; são três questões, "
    "à discussão. Coração, pães, avô e avó. 1º e 2ª secção",
    "swedish": "Hej! På måndag åker vi till Malmö för att träffa några kollegor. Är du också där? Möte kl 10 på "
    "ön, å "
    "andra sidan är det långt. Hälsningar, Åsa Öberg",
    "finnish": "Hyvää päivää! Kiitos viestistänne. Tämä on tärkeä asia, ja myös yöllä työskentelemme. Äiti söi "
    "öljyä.",
    "icelandic": "Það er gott að þú ert hér. Ég ætla að fara til Reykjavíkur á morgun með föður mínum. Kveðja, "
    "Þórður",
    "danish": "Kære alle. Mødet på søndag er udsat. Vi ses på åen, når året er gået. Øl og æbler. Hilsen Søren Ærø",
    "polish": "Szanowny Panie, dziękuję za wiadomość. Prześlę dokumenty w przyszły czwartek. Łódź, źdźbło, żółć",
    "hungarian": "Tisztelt Uram! Köszönöm a levelét. A jövő héten küldöm a szerződést. Üdvözlettel, Győző Őry",
    "turkish": "Sayın yetkili, toplantı için teşekkür ederim. Görüşmek üzere, iyi günler. Ömer Çağlar, İstanbul",
    "italian": "Perché no? È più facile così. La città è là, però non c'è più caffè. Università, né sì né no.",
    "dutch": "Geachte heer, één coördinator is geïnteresseerd in de reünie. Ideeën over België? Met "
    "vriendelijke groet",
    "estonian": "Tere päevast! Öö oli külm. Õpetaja käis Jõgeval ja jäi äärelinna ööbima. Lugupidamisega Ülle",
    "romanian": "Bună ziua, vă mulțumesc pentru mesaj. Întâlnirea va fi mâine în București. Cu stimă, Ștefan",
    "english": "I don't know what you're up to. Who? What? Me? Go. Do. No. To be or not. It's 5^2 + 3^3 + x^2 ~ "
    "ok? "
    "naïve café résumé © 2014 Foo® µm ¼ ½ 10 µs ±3 »quoted« 5¢ §12 and¶ so·on",
    "code": "x^2 + y^2 = z^2; a^b ^ c; if (a^= b) {add(a+b); o+o; u+u} `ls -l ~/dd` don't o'clock dd if=/dev/zero",
    "vietnamese": LETTER,
    "vietnamese_and_signs": LETTER
    + " «Đúng», 10 m², ±5 %, © 2014 Sở Y tế, ½, 5 µm, 37°C, 12·5, № 5, Müller, où, año",
    "no_diacritics": "Kinh gui: Cac so, ban nganh. De nghi cac don vi bao cao truoc ngay 15/3. Ai di? La sao? "
    "Di. Do.",
    "russian": "Уважаемые коллеги, направляем Вам протокол совещания № 15.",
    "chinese": "各位同事，附件是会议纪要。· ® ©",
}


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_are_left_alone(language: str) -> None:
    text = unicodedata.normalize("NFC", OTHERS[language])
    assert to_unicode(text) == (text, None)
    for line in text.replace(". ", ".\n").split("\n"):
        assert to_unicode(line) == (line, None)


def test_eth_in_vietnamese_is_d() -> None:
    assert to_unicode("QUYẾT ÐỊNH số 5/QÐ-UBND về Ðiều 3")[0] == "QUYẾT ĐỊNH số 5/QĐ-UBND về Điều 3"


def test_a_long_run_of_letters_is_looked_at_once() -> None:
    begun = time.process_time()
    to_unicode("QÐ " + "ß" * 100_000)
    assert time.process_time() - begun < 1  # two minutes where each letter begins a search


def test_a_unicode_letter_that_quotes_a_legacy_one() -> None:
    text, found = to_unicode("Gửi anh văn bản cũ:\n\n" + _encoded(LETTER, "tcvn3"))
    assert found == "tcvn3"
    assert text.startswith("Gửi anh văn bản cũ:")
    assert text.casefold().endswith(LETTER.casefold())


def test_viscii() -> None:
    assert decode_viscii("Việt Nam".encode("latin-1", "replace").replace(b"?", b"\xae")) == "Việt Nam"


def test_decomposed_text_is_composed() -> None:
    assert to_unicode(unicodedata.normalize("NFD", LETTER)) == (LETTER, None)


@given(st.text())
def test_any_text_comes_out_in_nfc(text: str) -> None:
    result, _ = to_unicode(text)
    assert unicodedata.is_normalized("NFC", result)
