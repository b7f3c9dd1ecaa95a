"""Which words could be Vietnamese: the syllable grammar, as a set of toneless syllables and the tones they may carry.

A Vietnamese word is one syllable: onset, rhyme, tone; a syllable that ends in c, ch, p or t carries only the acute or
the dot-below tone. The grammar is so narrow that text read in a wrong charset next to never fits it, which is what
the recognition of charsets and legacy encodings rests on.
"""

from __future__ import annotations

import re
import unicodedata


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ONSETS = _words("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q qu r s t th tr v x") | {""}
_RHYMES = _words("""
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyn uynh uyêt uyên
uyt uyu uyp ươ uêu uao uau uay uan uang uanh uat uac uach uăn uăng uăt uăc uen ueo uet uên uêt uôn
ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu yt ynh
""")
_SYLLABLES = frozenset(onset + rhyme for onset in _ONSETS for rhyme in _RHYMES)
_TONES = {"\u0300": "grave", "\u0301": "acute", "\u0303": "tilde", "\u0309": "hook", "\u0323": "dot"}
_STOPS = ("c", "ch", "p", "t")


def _letters() -> tuple[dict[int, str], dict[str, str]]:
    toneless: dict[int, str] = {}
    tones: dict[str, str] = {}
    for base in "aăâeêioôơuưy":
        for mark, tone in _TONES.items():
            letter = unicodedata.normalize("NFC", base + mark)
            toneless[ord(letter)] = base
            tones[letter] = tone
    return toneless, tones


_TONELESS, _TONE = _letters()
VIETNAMESE_LETTERS = frozenset(_TONE) | frozenset("ăâđêôơư")
_WORD = re.compile(r"[^\W\d_]+")


def is_syllable(word: str) -> bool:
    """Whether a word in NFC, of any case, obeys the grammar."""
    word = word.lower()
    if len(word) > 7:
        return False
    bare = word.translate(_TONELESS)
    if bare not in _SYLLABLES:
        return False
    if bare == word:
        return True
    tones = [_TONE[letter] for letter in word if letter in _TONE]
    return len(tones) == 1 and (not bare.endswith(_STOPS) or tones[0] in ("acute", "dot"))


def vietnamese_share(text: str, *, at_least: int = 3) -> float:
    """The share of the words with other than ASCII letters that are Vietnamese; 0.0 below ``at_least`` such words."""
    words = {word for word in _WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()}
    if len(words) < at_least:
        return 0.0
    return sum(map(is_syllable, words)) / len(words)
