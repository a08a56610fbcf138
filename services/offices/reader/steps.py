"""The visit, step by step, in the order in which the office publishes its on-site procedure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .denial import promised
from .evidence import Reading, rule
from .facts import Certainty, DerivedRule, Item

_CARD = r"(?:kartu (?:identitas|tanda (?:penduduk|pengenal)|pengenal)|identitas(?: diri)?|ktp|sim)\b"
_BAG = r"\b(?:tas|ransel|barang bawaan|barang)\b"
_NO = r"(?<!tidak )(?<!tidak boleh )(?<!dilarang )"
TICKET = re.compile(
    r"\b(?:nomor|no\.?|tiket|karcis)(?: urut)? (?:antri(?:an)?|antrean)\b|\bmesin (?:antrian|antrean)\b|\bmenunggu antri(?:an)?\b"
    r"|\bmenunggu antrean\b|\bmengambil (?:antrian|antrean)\b"
)
TRIAGE = re.compile(
    r"\bdisambut\b|\bmenyambut\b|\b(?:maksud|tujuan)\b[^.;]{0,40}\b(?:berkunjung|kunjungan|kedatangan)|\bmaksud dan tujuan"
)
GUEST_BOOK = re.compile(
    r"(?<!setelah mengisi )(?<!sesudah mengisi )\bbuku tamu\b|\bregistrasi kunjungan\b|\bdaftar pengunjung\b"
)
CARD_IN = re.compile(
    rf"\b(?:menyerahkan|menitipkan|meninggalkan|menyimpan|menukar(?:kan)?)\b[^.;]{{0,50}}\b{_CARD}"
)
BAG_IN = re.compile(
    rf"\b(?:menyimpan|menitipkan|meletakkan|menaruh|memasukkan|meninggalkan|menitip)\b[^.;]{{0,40}}{_BAG}"
    rf"|{_BAG}[^.;]{{0,40}}\b(?:disimpan|dititipkan|diletakkan|dimasukkan)\b"
)
_BACK = (
    r"\b(?:mengambil(?: kembali)?|diambil|menerima(?: kembali)?|mengembalikan|dikembalikan|pengembalian)\b"
)
BAG_OUT = re.compile(rf"{_BACK}[^.;]{{0,50}}{_BAG}")
CARD_OUT = re.compile(
    rf"{_BACK}[^.;]{{0,80}}\b{_CARD}|\b{_CARD}[^.;]{{0,40}}\b(?:diambil|dikembalikan)\b|\bmenukar\w*\b[^.;]{{0,20}}kunci[^.;]{{0,40}}{_CARD}"
)
RATING = re.compile(
    r"\bpenilaian\b|\brating\b|\bmenilai\b|\bsurve[iy]\b|\bkuesioner\b|\bkepuasan\b|\bpengaduan terhadap\b"
)
_AFTERWARDS = re.compile(
    r"(?:^|[.;] )(?:setelah |sesudah )?selesai\b[^,.;]{0,120},|\b(?:setelah|sesudah|apabila|jika|bila|jika sudah|telah|sebelumnya) selesai\b"
)
FINISH = re.compile(
    rf"\bpulang\b|\bmeninggalkan (?:ruang|unit|kantor|perpustakaan|pst|bps|tempat|lokasi)|{_NO}\bselesai\b"
)
_ARRIVAL = re.compile(
    r"\b(?:datang|berkunjung|mengunjungi|hadir|kunjungan langsung)\b|\bmenemui (?:petugas|front)|\bmenghadap petugas|\bmenuju (?:meja|loket|unit|ruang)"
)
_ORDER = (
    "ticket",
    "triage",
    "guest_book",
    "card_deposit",
    "bag_deposit",
    "service",
    "rating",
    "bag_return",
    "card_return",
    "finish",
)
_NAMES = {
    "guest_book": "buku tamu",
    "service": "pelayanan",
    "bag_return": "pengambilan tas",
    "card_return": "pengembalian kartu",
    "finish": "selesai",
}


@dataclass
class Visit:
    """The steps found so far; ``inferred`` names the kinds no sentence asks for."""

    steps: list[tuple[str, list[int]]] = field(default_factory=list)
    inferred: set[str] = field(default_factory=set)

    def kinds(self) -> list[str]:
        """The kinds in order."""
        return [kind for kind, _ in self.steps]

    def add(self, kind: str, positions: list[int]) -> None:
        """Append a step, or give its sentences to the step of that kind that exists already."""
        for present, items in self.steps:
            if present == kind:
                items.extend(p for p in positions if p not in items)
                return
        self.steps.append((kind, list(positions)))

    def infer(self, kind: str, index: int, positions: list[int]) -> None:
        """Put in a step that the text leaves out but the visit needs."""
        if kind not in self.kinds():
            self.steps.insert(index, (kind, positions))
            self.inferred.add(kind)

    def before(self, *kinds: str) -> int:
        """The index of the first of these kinds, or the end."""
        return next((i for i, kind in enumerate(self.kinds()) if kind in kinds), len(self.steps))

    def after(self, *kinds: str) -> int:
        """The index behind the last of these kinds, or the start."""
        return max((i + 1 for i, kind in enumerate(self.kinds()) if kind in kinds), default=0)


def kinds_in(text: str) -> list[str]:
    """The steps one sentence asks for, in the order of its words; rating is offered before the end (KK5)."""
    found: dict[str, int] = {}
    bare = _AFTERWARDS.sub(
        lambda m: (
            " " * len(m[0]) if "selesai" in m[0] and len(m[0]) < 40 else m[0].replace("selesai", "       ")
        ),
        text,
    )
    for kind, pattern in _PATTERNS.items():
        found_in = bare if kind == "finish" else text
        match = promised(pattern, found_in) if kind in _TAKEN_BACK else pattern.search(found_in)
        if match:
            found[kind] = match.start()
    if "card_deposit" in found and "card_return" in found and not re.search(_BACK, text):
        del found["card_return"]
    if "bag_return" in found and "bag_deposit" not in found and "bag_return" in found:
        found.pop("card_deposit", None)
    order = sorted(found, key=lambda kind: found[kind])
    if "finish" in order:
        order.remove("finish")
        order.append("finish")
    return order


_PATTERNS = {
    "ticket": TICKET,
    "triage": TRIAGE,
    "guest_book": GUEST_BOOK,
    "card_deposit": CARD_IN,
    "bag_deposit": BAG_IN,
    "rating": RATING,
    "bag_return": BAG_OUT,
    "card_return": CARD_OUT,
    "finish": FINISH,
}


# a denial takes these steps away; "tidak wajib memberi penilaian" leaves the offer, and every visit has a guest book and an end
_TAKEN_BACK = {"ticket", "card_deposit", "bag_deposit"}


def visit(reading: Reading) -> Visit:
    """Read the on-site procedure as a list of steps and complete it."""
    found = Visit()
    onsite = reading.items("procedure", "onsite")
    parents = {item.position: item for item in onsite}
    for item in onsite:
        kinds = kinds_in(reading.key(item))
        if item.parent in parents and not kinds and _in_service(found, item.parent):
            kinds = ["service"]
        if not kinds and not _ARRIVAL.search(reading.key(item)):
            kinds = ["service"]
        for kind in kinds:
            found.add(kind, [item.position])
    _complete(found)
    return found


def _in_service(found: Visit, parent: int | None) -> bool:
    return any(kind == "service" and parent in items for kind, items in found.steps)


def _complete(found: Visit) -> None:
    """What every visit has, and whatever was handed over must be handed back (requirement rows 24 and 26)."""
    found.infer("guest_book", found.after("ticket", "triage"), [])
    last = found.steps[found.before("finish")][1] if "finish" in found.kinds() else []
    found.infer("service", found.before("rating", "bag_return", "card_return", "finish"), [])
    if "card_deposit" in found.kinds() and "card_return" not in found.kinds():
        index = found.after("bag_return") or found.before("finish")
        held = next((items for kind, items in found.steps if kind == "bag_return"), last)
        found.infer("card_return", index, list(held))
    if "bag_deposit" in found.kinds() and "bag_return" not in found.kinds():
        found.infer("bag_return", found.before("card_return", "finish"), list(last))
    found.infer("finish", len(found.steps), [])
    finish = found.before("finish")
    found.steps.append(found.steps.pop(finish))


def step_rules(reading: Reading, found: Visit) -> list[DerivedRule]:
    """The rules "steps" and "queue"."""
    onsite = {item.position: item for item in reading.items("procedure", "onsite")}
    used = [onsite[p] for _, positions in found.steps for p in positions if p in onsite]
    note = "Urutan langkah kunjungan mengikuti prosedur yang diterbitkan"
    if found.inferred:
        named = ", ".join(_NAMES.get(kind, kind) for kind in _ORDER if kind in found.inferred)
        note += f"; ditambahkan karena tidak disebut: {named}"
    certainty: Certainty = "default" if not used else "inferred" if found.inferred else "stated"
    steps = [{"kind": kind, "items": positions} for kind, positions in found.steps]
    queue = [onsite[p] for kind, positions in found.steps if kind == "ticket" for p in positions]
    return [
        _queue(reading, queue),
        rule("steps", steps, used, note, certainty=certainty),
    ]


def _queue(reading: Reading, tickets: list[Item]) -> DerivedRule:
    if tickets:
        return rule("queue", True, tickets, "Pengguna mengambil nomor antrian")
    if without := reading.denials(TICKET, "procedure", "onsite"):
        return rule("queue", False, without, "Nomor antrian tidak dipakai, menurut naskah")
    waiting = reading.hits(re.compile(r"\bantri(?:an)?\b|\bantrean\b"), "time", "onsite")
    if waiting:
        return rule("queue", True, waiting, "Waktu layanan dihitung dari antrian", certainty="inferred")
    return rule("queue", False, [], "Prosedur tidak menyebut nomor antrian")
