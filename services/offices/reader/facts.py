"""What the reader hands out: plain frozen records, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

MAX_BYTES = 1_000_000
# Letters after spacing is collapsed; the published standards have 4,000 to 8,000.
MAX_TEXT = 150_000
MAX_CHUNKS = 5000
MAX_ITEMS = 1500

Section = Literal["requirements", "procedure", "time", "fee", "product", "complaints"]
Channel = Literal["onsite", "online", "both"]
Certainty = Literal["stated", "inferred", "default"]
Level = Literal["national", "province", "regency", "city"]

SECTIONS: tuple[Section, ...] = ("requirements", "procedure", "time", "fee", "product", "complaints")
SECTION_NAMES: dict[str, str] = {
    "requirements": "Persyaratan",
    "procedure": "Sistem, Mekanisme dan Prosedur",
    "time": "Waktu Penyelesaian",
    "fee": "Biaya/Tarif",
    "product": "Produk Pelayanan",
    "complaints": "Pengaduan Layanan",
}


class UnreadableStandard(ValueError):
    """The input cannot be read as a service standard; ``str()`` tells the user what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class OfficeFacts:
    """The office as its own page header presents it (requirement rows 1 and 2)."""

    code: str
    name: str
    level: Level
    area: str
    province: str
    address: str
    phone: str
    website: str
    email: str
    breadcrumb: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One published sentence or list entry; ``source`` is verbatim, with its own list marker."""

    section: Section
    channel: Channel
    position: int
    label: str
    depth: int
    parent: int | None
    source: str
    text: str


@dataclass(frozen=True)
class Unplaced:
    """Text the reader could not use. It is shown to the supervisor, never dropped."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Correction:
    """A difference between source and display. An empty ``after``: the whole piece was left out."""

    line: int
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class Framework:
    """Text that carries no item: kind is heading, subheading, header, decree or title."""

    line: int
    text: str
    kind: str


@dataclass(frozen=True)
class ParsedStandard:
    """A published service standard, taken apart."""

    office: OfficeFacts
    title: str
    title_source: str
    service_kind: Literal["library", "consultation", "other"]
    decree_number: str
    items: tuple[Item, ...]
    unplaced: tuple[Unplaced, ...]
    corrections: tuple[Correction, ...]
    source: str
    warnings: tuple[str, ...]
    framework: tuple[Framework, ...] = ()


@dataclass(frozen=True)
class DerivedRule:
    """One setting of the software, with the sentences of the standard it rests on."""

    key: str
    value: Any
    evidence: tuple[tuple[str, int], ...]
    certainty: Certainty
    note: str
