"""Which chunk belongs to which section: by headings, and by content where a heading is missing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .channels import mentioned
from .columns import are_column_names
from .facts import SECTION_NAMES, Correction, Framework, Unplaced
from .headings import whole_heading
from .lines import Chunk
from .markers import NUMBERED, leading
from .text import key, plain

_DECREE = re.compile(
    r"(?:no(?:mor)?\.?\s?sk|sk\s?(?:kepala[^:]{0,60})?\s?(?:no(?:mor)?\.?)|nomor surat keputusan|(?:surat )?keputusan kepala[^:]{0,120}?nomor"
    r"|nomor)\s{0,2}[:.]?\s?(?P<number>.{0,120})$"
)
_TITLE = re.compile(
    r"\b(?:perpustakaan|konsultasi|rekomendasi|penjualan|publikasi|data mikro|standar pelayanan|layanan|pelayanan|pustaka)\b"
)
_CLOSING = re.compile(
    r"(?:ditetapkan di|disahkan di|pada tanggal|kepala (?:bps|badan pusat)|nip\b|ttd\b|tertanda|mengetahui)"
)
_GUESSES = {
    "fee": re.compile(
        r".{0,30}(?:tidak (?:di)?(?:pungut|kenakan)\w*(?: biaya| tarif| bayaran)?|\bgratis\b|rp\.? ?0\b).{0,30}$"
    ),
    "time": re.compile(
        r"(?:maksimal |paling lama )?\d{1,3} (?:\(\w+\) )?(?:menit|jam|hari)(?: kerja)?\.?$|pengguna.{0,60}dilayani (?:maksimal|paling lama|selambat)"
    ),
    "complaints": re.compile(r"pengaduan langsung|pengaduan online|kotak (?:saran|pengaduan)"),
    "requirements": re.compile(
        r".{0,80}(?:memiliki|membawa|menunjukkan) (?:kartu|alamat e-?mail|akun|ktp|identitas)"
    ),
    "procedure": re.compile(
        r".{0,160}(?:nomor antri|nomor antrean|menemui petugas|disambut petugas|melakukan registrasi)"
    ),
}
_STRAY = re.compile(r"[\W_]*\d{1,3}[\W_]*$")


@dataclass
class Sorted:
    """The chunks by section, in order, each with the channel its subheading or heading named."""

    placed: list[tuple[str, str | None, Chunk]] = field(default_factory=list)
    framework: list[Framework] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    title_lines: list[Chunk] = field(default_factory=list)
    decree: str = ""
    decree_seen: bool = False
    headings: set[str] = field(default_factory=set)
    headings_passed: int = 0
    guessed: set[str] = field(default_factory=set)


def sort_sections(chunks: list[Chunk]) -> Sorted:
    """Walk over the text once and give every chunk a place."""
    sorter = _Sorter(chunks)
    for chunk in chunks:
        sorter.take(chunk)
    return sorter.out


class _Sorter:
    def __init__(self, chunks: list[Chunk]) -> None:
        self.out = Sorted()
        found = {whole_heading(chunk.raw) for chunk in chunks}
        self.out.headings = {name for name in found if name and name != "other"}
        self.section = ""
        self.channel: str | None = None
        self.reason = "Teks sebelum bagian pertama standar; tidak dikenali."
        self.level = 0
        self.above = ""

    def take(self, chunk: Chunk) -> None:
        """Place one chunk."""
        self._place(chunk)
        self.above = chunk.raw.rstrip()[-20:]

    def _place(self, chunk: Chunk) -> None:
        heading = whole_heading(chunk.raw)
        if chunk.lost:
            self.out.unplaced.append(Unplaced(chunk.line, chunk.raw.strip(), chunk.lost))
        elif heading:
            self._open(heading, chunk)
        elif self._is_decree(chunk) or self._is_noise(chunk):
            return
        elif self._foreign_heading(chunk):
            self.section, self.reason = (
                "",
                f"Bagian “{plain(chunk.raw)[:60]}” tidak dikenal sebagai bagian standar.",
            )
            self.out.unplaced.append(Unplaced(chunk.line, chunk.raw.strip(), self.reason))
        elif not self.section and not self.out.placed and self._is_title(chunk):
            self.out.title_lines.append(chunk)
            self.out.framework.append(Framework(chunk.line, chunk.raw.strip(), "title"))
        else:
            self._content(chunk)

    def _open(self, heading: str, chunk: Chunk) -> None:
        name = plain(chunk.raw).strip(" :")
        self.out.headings_passed += 1
        self.out.framework.append(Framework(chunk.line, chunk.raw.strip(), "heading"))
        self.section = "" if heading == "other" else heading
        self.reason = f"Bagian “{name[:60]}” belum dipakai oleh aplikasi."
        self.channel = mentioned(key(name)) if heading not in {"other", "complaints"} else None
        self.level = (
            len(chunk.raw) - len(chunk.raw.lstrip("# \t")) if chunk.raw.lstrip().startswith("#") else 0
        )

    def _is_decree(self, chunk: Chunk) -> bool:
        text = plain(chunk.raw)
        match = _DECREE.match(key(chunk.raw))
        early = not self.out.placed
        named = (match is not None and not chunk.key.startswith("nomor")) or chunk.key.startswith(
            ("nomor sk", "nomor surat")
        )
        if not match or leading(chunk.raw).value or self.out.decree_seen or not (early or named):
            return False
        number = text[len(text) - len(match["number"]) :].strip(" :.") if match["number"] else ""
        self.out.decree, self.out.decree_seen = number, True
        self.out.framework.append(Framework(chunk.line, chunk.raw.strip(), "decree"))
        return True

    def _is_noise(self, chunk: Chunk) -> bool:
        """A stray digit under a heading, a table's column names, the title printed again."""
        titles = {title.key for title in self.out.title_lines}
        if not chunk.gap and (chunk.raw.lstrip(" *_\t")[:1].islower() or NUMBERED.search(self.above)):
            return False  # the end of a wrapped sentence: "… layanan / perpustakaan", "… Lantai / 1."
        if _STRAY.match(chunk.key):
            reason = "Angka lepas tanpa keterangan (biasanya nomor halaman)."
        elif are_column_names(chunk.raw):
            reason = "Judul kolom tabel."
        elif self.out.headings_passed and chunk.key in titles:
            reason = "Judul yang terulang di tengah naskah."
        else:
            return False
        self.out.corrections.append(Correction(chunk.line, chunk.raw.strip(), "", reason))
        return True

    def _foreign_heading(self, chunk: Chunk) -> bool:
        """A markdown heading the reader does not know, on the level of the sections or above."""
        raw = chunk.raw.lstrip()
        level = len(raw) - len(raw.lstrip("#"))
        short = len(chunk.key.split()) <= 8 and mentioned(chunk.key) is None
        return bool(
            level and self.level and level <= self.level and short and not leading(raw.lstrip("# ")).value
        )

    def _is_title(self, chunk: Chunk) -> bool:
        words = chunk.key.split()
        sentence = re.search(r"\b(?:adalah|merupakan|yang|akan|dapat|memiliki|datang|mengakses)\b", chunk.key)
        mark = leading(chunk.raw)
        fits = (
            len(words) <= 16
            and not sentence
            and not mark.value
            and not mark.bullet
            and len(self.out.title_lines) < 3
        )
        follows = bool(self.out.title_lines) and chunk.line - self.out.title_lines[-1].line <= 2
        return fits and bool(
            _TITLE.search(chunk.key) or (follows and re.match(r"(?:bps|badan pusat)\b", chunk.key))
        )

    def _content(self, chunk: Chunk) -> None:
        guess = self._guess(chunk)
        if guess:
            self.section, self.channel = guess, None
            self.out.guessed.add(guess)
        if self.section and _CLOSING.match(chunk.key) and self.section == "complaints":
            self.section, self.reason = "", "Bagian penutup atau tanda tangan; tidak dipakai oleh aplikasi."
        if self.section:
            self.out.placed.append((self.section, self.channel, chunk))
        else:
            self.out.unplaced.append(Unplaced(chunk.line, chunk.raw.strip(), self.reason))

    def _guess(self, chunk: Chunk) -> str | None:
        """The section of a chunk whose heading is missing in the document; headings that exist are obeyed."""
        mark = leading(chunk.raw)
        if mark.bullet or (mark.value and all(number != 1 for _, number in mark.readings) and self.section):
            return None
        body = chunk.key[len(key(chunk.raw[: mark.end])) :].strip() if mark.value else chunk.key
        for name, cue in _GUESSES.items():
            if name not in self.out.headings and name != self.section and cue.match(body[:400]):
                if name == "requirements" and self.section:
                    continue
                return name
        starts_list = mark.value and not self.section and not self.out.placed
        arrives = re.match(r"pengguna.{0,40}(?:datang|berkunjung|mengunjungi)", body[:200])
        return "requirements" if starts_list and arrives and "requirements" not in self.out.headings else None


def missing_sections(out: Sorted) -> list[str]:
    """Names of the six sections that neither a heading nor the content brought."""
    present = {section for section, _, _ in out.placed}
    return [name for section, name in SECTION_NAMES.items() if section not in present]
