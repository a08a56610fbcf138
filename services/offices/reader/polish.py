"""The display text of an item: obvious slips mended, every change noted (source text stays as published)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from .channels import lead_channel
from .facts import Correction
from .text import unlink

_WORDS = {
    "metadana": "metadata",
    "penangan": "penanganan",
    "penganduan": "pengaduan",
    "pengaudan": "pengaduan",
    "persyratan": "persyaratan",
    "persayaratan": "persyaratan",
    "pelayanaan": "pelayanan",
    "pelayan": "pelayanan",
    "peyelesaian": "penyelesaian",
    "penyelesain": "penyelesaian",
    "pengunaan": "penggunaan",
    "perpustakan": "perpustakaan",
    "konsutasi": "konsultasi",
    "statisik": "statistik",
    "satistik": "statistik",
    "informas": "informasi",
    "identias": "identitas",
    "berwatermak": "berwatermark",
    "registrsi": "registrasi",
    "aktifitas": "aktivitas",
    "kwalitas": "kualitas",
    "ijin": "izin",
    "seijin": "seizin",
    "resiko": "risiko",
    "adlah": "adalah",
    "dengn": "dengan",
    "lokcer": "loker",
    "oline": "online",
    "massage": "message",
}
_ONLY_AFTER = {"massage": "direct", "penangan": "", "pelayan": ""}
_ONLY_BEFORE = {"penangan": "pengaduan", "pelayan": "perpustakaan"}
_TYPO = re.compile(rf"(?<!\w)(?:{'|'.join(_WORDS)})(?!\w)", re.I)
_TRUNCATED = re.compile(r"\bBPS (?P<level>Provinsi|Kabupaten|Kota)(?P<end>[.,;]?)$")


@dataclass
class Polisher:
    """Applies one mending after the other and keeps the list of what changed."""

    office_name: str = ""
    corrections: list[Correction] = field(default_factory=list)

    def item(self, body: str, line: int) -> str:
        """Corrected text of an item, without its list marker."""
        text = self._lead(unicodedata.normalize("NFC", body), line)
        text = self.prose(text, line)
        return self._complete(text, line)

    def prose(self, text: str, line: int) -> str:
        """Mending that fits any display text."""
        text = self._markup(text, line)
        for pattern, replacement, reason in _STEPS:
            text = self._replace(text, pattern, replacement, line, reason)
        return self._replace(text, _TYPO, _mend_word(text), line, "Salah ketik.").strip()

    def _lead(self, body: str, line: int) -> str:
        """A bold label run into its sentence gets a colon ("**Layanan online** Pengguna …")."""
        channel, end = lead_channel(body)
        if not channel or body[:end].rstrip(" *_").endswith(":") or not body[end:].strip():
            return body
        label = body[:end].strip(" *_")
        self._note(line, body[:end].strip(), f"{label}:", "Tanda titik dua setelah keterangan jenis layanan.")
        return f"{label}: {body[end:].lstrip()}"

    def _markup(self, text: str, line: int) -> str:
        shown = unlink(text)
        if shown != text:
            for match in _LINKS.finditer(text):
                self._note(line, match[0], unlink(match[0]), "Tanda tautan markdown.")
        text = self._replace(shown, _EMPHASIS, r"\g<inner>", line, "Tanda cetak tebal, miring atau coret.")
        bare = re.sub(r"\*\*|~~|`|^#{1,6}\s|<br\s{0,3}/?>", " ", text, flags=re.I)
        bare = re.sub(r"(?<!\w)__?|__?(?!\w)", "", bare) if "_" in bare else bare
        return re.sub(r"[\u200b\u200c\u200d\u2060\ufeff\u00ad]", "", bare).strip()

    def _replace(
        self,
        text: str,
        pattern: re.Pattern[str],
        by: str | Callable[[re.Match[str]], str],
        line: int,
        reason: str,
    ) -> str:
        def change(match: re.Match[str]) -> str:
            after = match.expand(by) if isinstance(by, str) else by(match)
            if after != match[0]:
                front, behind = _word_around(text, match.start(), match.end())
                self._note(line, f"{front}{match[0]}{behind}", f"{front}{after}{behind}", reason)
            return after

        return pattern.sub(change, text)

    def _complete(self, text: str, line: int) -> str:
        """A sentence cut off after "BPS Kabupaten" gets this office's own name (BT, Persyaratan 1)."""
        match = _TRUNCATED.search(text)
        if not match or f" {match['level']} " not in f"{self.office_name} ":
            return text
        self._note(line, match[0], self.office_name, "Nama kantor terpotong di naskah.")
        return text[: match.start()] + self.office_name + match["end"]

    def _note(self, line: int, before: str, after: str, reason: str) -> None:
        if before and after:
            self.corrections.append(Correction(line, before, after, reason))


_LINKS = re.compile(r"\[[^\[\]\n]{1,300}\]\([^()\s]{1,500}\)|<[^<>\s]{3,600}>")
_EMPHASIS = re.compile(r"(?P<mark>\*\*|~~|(?<!\w)__)(?P<inner>[^*~\n]{1,400}?)(?P=mark)")
_STEPS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"(?<=\S)(?:[^\S ]|\s{2,40})(?=\S)"), " ", "Spasi berlebih atau baris terpotong."),
    (re.compile(r"\b([Ee])\s?- (?=mail\b)"), r"\1-", "Spasi di tengah kata."),
    (re.compile(r"(?<=\w)/ (?=\w)"), "/", "Spasi setelah garis miring."),
    (re.compile(r"(?<=[\w)>]) ([,;:.])(?=\s|$)"), r"\1", "Spasi sebelum tanda baca."),
    (re.compile(r"\bmenunggu, (?=antri|antre)"), "menunggu ", "Tanda koma yang tidak perlu."),
    (re.compile(r"(?<!\w)(yang|dan|di|ke|untuk|pada|dengan) \1(?!\w)"), r"\1", "Kata tercetak dua kali."),
    (re.compile(r"(\S)\s{0,3}[,;]{1,3}\s{0,20}$"), r"\1", "Tanda baca di akhir butir."),
)


def _word_around(text: str, start: int, end: int) -> tuple[str, str]:
    """The rest of the words a change touches, so that a supervisor sees more than a comma."""
    front = re.search(r"\S{0,40}$", text[max(0, start - 40) : start])
    behind = re.match(r"\S{0,40}", text[end : end + 40])
    return front[0] if front else "", behind[0] if behind else ""


def _mend_word(text: str) -> Callable[[re.Match[str]], str]:
    def mend(match: re.Match[str]) -> str:
        word = match[0].lower()
        before = text[max(0, match.start() - 20) : match.start()].lower().split()
        after = text[match.end() : match.end() + 20].lower().split()
        if _ONLY_AFTER.get(word) and (not before or before[-1] != _ONLY_AFTER[word]):
            return match[0]
        if word in _ONLY_BEFORE and (not after or not after[0].startswith(_ONLY_BEFORE[word])):
            return match[0]
        mended = _WORDS[word]
        return (
            mended.upper() if match[0].isupper() else mended.capitalize() if match[0][0].isupper() else mended
        )

    return mend
