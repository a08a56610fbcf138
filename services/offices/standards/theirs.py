"""What in a standard belongs to the office that published it, and must not come along when another office copies its words.

Its name, e-mail and website become ours where we have them. Whatever else is its own (telephone, WhatsApp, links, accounts,
address, room, hours, people, decree) becomes a blank to be filled in, "[lengkapi: telepon]"; a standard with a blank is neither
sent to review nor published. A name in running text cannot be told from other words: who publishes a copy says they have looked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from services.offices.models import Office, Standard, StandardRule
from services.offices.reader.text import EMAIL, PHONE, URL
from services.offices.rule_names import RULE_NAMES

BLANK = re.compile(r"\[lengkapi: [^\]]{1,20}\]")
# Of the whole country, not of one office.
NATIONAL = {
    "bps.go.id", "pst.bps.go.id", "silastik.bps.go.id", "perpustakaan.bps.go.id", "ppid.bps.go.id", "lapor.go.id",
    "sp4n.lapor.go.id",
}  # fmt: skip
# Rules that are nothing but an office's own: read anew from the words, and open until somebody here confirms them.
OWN_RULES = ("complaint_channels", "location", "account_online")

_CLOCK = r"\d{1,2}[.:]\d{2}(?:\s?(?:WITA|WIB|WIT)\b)?"
_TO = r"\s?(?:-|–|—|s\.?\s?d\.?|sampai(?: dengan)?|hingga)\s?(?:(?:pukul|jam) )?"
_NAME = r"[A-Z][\w'’.]{1,30}(?: [A-Z][\w'’.]{0,30}){0,4}"
_MESSENGER = re.compile(r"\b(?:whats ?app|wa|sms|telegram)\b", re.I)
_HOURS = re.compile(rf"(?P<lead>(?i:\b(?:pukul|jam) )){_CLOCK}(?:{_TO}{_CLOCK})?|\b{_CLOCK}{_TO}{_CLOCK}")
_PLAIN: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "telepon",
        re.compile(
            r"(?P<lead>\b(?i:tele?p(?:h?on)?|telp|whats ?app|wa|sms|hp|fax|faks(?:imile)?)\b\.?\s?:?\s?)\(?\d[\d\s().+-]{2,20}\d"
        ),
    ),
    (
        "akun",
        re.compile(
            r"(?P<lead>\b(?i:fb|facebook|ig|instagram|twitter|tiktok|youtube|telegram|x)\s?:\s?)(?!\[)[^;,\n]{2,80}|(?<![\w.])@[\w.]{3,30}"
        ),
    ),
    ("nama", re.compile(r"(?P<lead>\]\s?\()\s?[A-Z][a-z'’]+[^()]{1,100}(?=\))")),
    (
        "nama",
        re.compile(
            r"(?P<lead>\b(?i:pic|cp|narahubung|contact person|kontak person|penanggung ?jawab|petugas|pejabat|admin|konsultan)\b[^:;.\n]{0,30}:\s?)(?!\[)[A-Z][^;\n(]{2,80}"
        ),
    ),
    ("nama", re.compile(rf"(?P<lead>\b(?:a\.n\.|u\.p\.|Bapak|Ibu|Bpk\.?|Sdri?\.?) ){_NAME}")),
    ("nama", re.compile(rf"{_NAME}(?:, ?(?:[SM]\.[\w.]{{1,8}}|A\.Md[\w.]{{0,8}}|SST|SE|ST|MM|Ph\.?D)(?![\w])\.?){{1,4}}")),
    ("NIP", re.compile(r"(?P<lead>\bNIP\.?\s?:?\s?)\d[\d ]{7,24}")),
    ("alamat", re.compile(r"\b(?:Jl|Jln|Jalan|Komplek|Kompleks)\b\.?\s[A-Z][^;()\n]{3,160}")),
    ("ruang", re.compile(r"(?i:\b(?:lantai|lt\.|gedung|ruang(?:an)?)) [A-Z0-9][\w-]*(?: [A-Z0-9][\w-]*){0,5}")),
    ("nomor SK", re.compile(r"(?P<lead>\b(?:No|Nomor)\b\.?\s?SK\s?:\s?)[\w./-]{0,20}\d[\w./-]{0,20}(?: Tahun \d{4})?")),
    (
        "nomor SK",
        re.compile(
            r"(?P<lead>\b(?:SK|Surat Keputusan|Keputusan Kepala (?:BPS|Badan Pusat Statistik) (?:Kabupaten|Kota|Provinsi))\b[^;\n]{0,80}?)"
            r"\b(?:Nomor|No)\b\.?\s?:?\s?[\w./-]{0,20}\d[\w./-]{0,20}(?: Tahun \d{4})?(?:,? tanggal \d{1,2} \w{3,12} \d{4})?"
        ),
    ),
)  # fmt: skip


def blanks(text: str) -> list[str]:
    return BLANK.findall(text)


class Ours:
    """Another office's words as they may stand in a draft of ours; what was replaced and what still speaks of it is named."""

    def __init__(self, theirs: Office, ours: Office) -> None:
        self.theirs, self.ours = theirs, ours
        self.done: dict[str, str] = {}
        pairs = [
            (getattr(theirs, f), getattr(ours, f)) for f in ("name", "area", "email", "website", "address")
        ]
        pairs += [(_bare(theirs.website), _bare(ours.website))]
        found = {before: after for before, after in pairs if before and after and before != after}
        self.pairs = dict(sorted(found.items(), key=lambda pair: -len(pair[0])))
        self.pattern = re.compile("|".join(map(re.escape, self.pairs)), re.I) if self.pairs else None
        self.known = {before.casefold(): after for before, after in self.pairs.items()}

    def said(self, text: str) -> str:
        """Our name and contacts for theirs, blanks for the rest of what is theirs alone."""
        if self.pattern:
            text = self.pattern.sub(
                lambda match: self._noted(match[0], self.known[match[0].casefold()]), text
            )
        text = EMAIL.sub(
            self._blank("e-mail", lambda found: found.casefold() == self.ours.email.casefold()), text
        )
        text = URL.sub(self._blank("tautan", self._may_stay), text)
        text = _HOURS.sub(self._blank("jam", self._is_ours), text)  # before telephones: it has as many digits
        text = PHONE.sub(self._phone(bool(_MESSENGER.search(text))), text)
        for name, pattern in _PLAIN:
            text = pattern.sub(self._blank(name, self._is_ours), text)
        return text

    def whole(self, text: str) -> str:
        """A published text, line by line: no number reaches into the next one."""
        return "\n".join(self.said(line) for line in text.split("\n"))

    def value(self, value: Any) -> Any:
        """A rule's value, likewise."""
        if isinstance(value, str):
            return self.said(value)
        if isinstance(value, list):
            return [self.value(one) for one in value]
        return {name: self.value(one) for name, one in value.items()} if isinstance(value, dict) else value

    def _noted(self, before: str, after: str) -> str:
        self.done[before] = after
        return after

    def _blank(self, name: str, stays: Callable[[str], bool]) -> Callable[[re.Match[str]], str]:
        def put(match: re.Match[str]) -> str:
            lead = match.groupdict().get("lead") or ""
            found = match[0][len(lead) :]
            tail = found[len(found.rstrip(" .,")) :]
            found = found[: len(found) - len(tail)]
            if not found or BLANK.fullmatch(found) or stays(found):
                return match[0]
            return lead + self._noted(found, f"[lengkapi: {name}]") + tail

        return put

    def _phone(self, messenger: bool) -> Callable[[re.Match[str]], str]:
        """Our telephone for theirs; whether ours can be written to nobody here knows."""
        theirs, ours = _digits(self.theirs.phone), self.ours.phone

        def put(match: re.Match[str]) -> str:
            found = _digits(match[0])
            if found == _digits(ours):
                return match[0]
            same = found == theirs and bool(ours) and not messenger
            lead = "(" if match[0].startswith("(") and ")" not in match[0] else ""
            return lead + self._noted(match[0][len(lead) :], ours if same else "[lengkapi: telepon]")

        return put

    def _may_stay(self, link: str) -> bool:
        host = re.split(r"[/?#]", _bare(link.casefold()))[0].removeprefix("www.")
        return host in NATIONAL or host == re.split(r"[/?#]", _bare(self.ours.website.casefold()))[0]

    def _is_ours(self, found: str) -> bool:
        return found.casefold() in self.ours.address.casefold() or bool(
            _digits(found) and _digits(found) == _digits(self.ours.phone)
        )

    def corrections(self) -> list[dict[str, Any]]:
        reason = _("Disalin dari %s.") % self.theirs.name
        return [{"line": 0, "before": b, "after": a, "reason": reason} for b, a in self.done.items()]

    def left_over(self, draft: Standard) -> list[str]:
        """Items that still speak of the other office."""
        place = self.theirs.area.split(maxsplit=1)[-1]
        marks = [m for m in (place, self.theirs.code, self.theirs.phone) if m]
        pattern = re.compile("|".join(map(re.escape, marks)), re.I)
        return [
            _("%(section)s butir %(item)s masih menyebut %(office)s: “%(text)s”")
            % {
                "section": item.get_section_display(), "item": item.label or item.position, "office": self.theirs.area,
                "text": item.text[:80],
            }
            for item in draft.items.all()
            if pattern.search(item.text)
        ]  # fmt: skip


def from_elsewhere(standard: Standard) -> Office | None:
    """The other office whose words these were."""
    base = standard.base
    return base.service.office if base and base.service.office_id != standard.service.office_id else None


def to_fill(standard: Standard) -> list[str]:
    """The blanks that are still in its words and rules, by where they stand."""
    head = [(_("Judul"), standard.title), (_("Maklumat pelayanan"), standard.pledge)]
    items = [(f"{i.get_section_display()} {i.label or i.position}", i.text) for i in standard.items.all()]
    rules = [(str(RULE_NAMES.get(r.key, r.key)), str(r.value)) for r in standard.rule_set.all()]
    return [
        f"{place}: {', '.join(sorted(set(found)))}"
        for place, text in [*head, *items, *rules]
        if (found := blanks(text))
    ]


def to_confirm(standard: Standard) -> list[str]:
    """The rules another office decided and nobody here has confirmed, by their names."""
    rows = standard.rule_set.all()
    return [
        str(RULE_NAMES.get(r.key, r.key))
        for r in rows
        if r.certainty == StandardRule.Certainty.PROPOSED and r.confirmed_at is None
    ]


def still_open(standard: Standard) -> list[str]:
    """What keeps a copied standard from being published, as sentences."""
    left = to_fill(standard)
    found = [_("Lengkapi dahulu: %s.") % "; ".join(left)] if left else []
    if rules := to_confirm(standard):
        found.append(_("Konfirmasi aturan yang diusulkan dari kantor lain: %s.") % ", ".join(rules))
    return found


def _bare(link: str) -> str:
    return re.sub(r"^https?://", "", link).rstrip("/")


def _digits(text: str) -> str:
    found = re.sub(r"\D", "", text)
    return f"0{found[2:]}" if found.startswith("62") else found
