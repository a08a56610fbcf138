"""The result of a period as plain values: what the panel, the published page and the report show, and what is stored when
it is published. Fewer than five people are never shown (UU 27/2022: somebody could be recognised)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language, gettext_lazy

from services.few import FEWEST, HIDDEN, hide_few
from services.surveys import results, skm, withheld
from services.surveys.models import Instrument
from services.surveys.questions import read
from services.surveys.results import Selection

ELEMENT_NAMES = {
    "U1": gettext_lazy("Persyaratan"),
    "U2": gettext_lazy("Sistem, mekanisme, dan prosedur"),
    "U3": gettext_lazy("Waktu penyelesaian"),
    "U4": gettext_lazy("Biaya/tarif"),
    "U5": gettext_lazy("Produk spesifikasi jenis pelayanan"),
    "U6": gettext_lazy("Kompetensi pelaksana"),
    "U7": gettext_lazy("Perilaku pelaksana"),
    "U8": gettext_lazy("Sarana dan prasarana"),
    "U9": gettext_lazy("Penanganan pengaduan, saran, dan masukan"),
}
GRADE_WORDS = {
    "A": gettext_lazy("Sangat baik"),
    "B": gettext_lazy("Baik"),
    "C": gettext_lazy("Kurang baik"),
    "D": gettext_lazy("Tidak baik"),
}
VERSION = 1  # of what is stored
__all__ = ["FEWEST", "HIDDEN", "hide_few", "name_of", "of"]


def of(selection: Selection) -> dict[str, Any]:
    """Numbers that must be exact are texts ("78.24")."""
    found = results.summary(selection)
    if found.respondents < FEWEST:
        return _empty(found)
    if not withheld.may_be_shown(selection):
        return _empty(found) | {"withheld": True}
    newest = results.newest(selection)
    is_skm = selection.kind == Instrument.Kind.SKM
    elements = _elements(found.result) if is_skm and found.result else _items(selection, newest)
    return {
        **_empty(found),
        "shown": True,
        "instrument": newest.key if newest else "",
        "source": newest.source if newest else "",
        "ikm": str(found.result.ikm) if is_skm and found.result else "",
        "grade": found.result.grade if is_skm and found.result else "",
        "lowest": _lowest(elements, is_skm),
        "elements": elements,
        "profile": {name: hide_few(rows) for name, rows in results.profile(selection).items()},
    }


def _empty(found: results.Summary) -> dict[str, Any]:
    return {
        "version": VERSION, "respondents": found.respondents, "served": found.served, "wanted": found.wanted, "shown": False,
        "ikm": "", "grade": "", "lowest": [], "elements": [], "profile": {},
    }  # fmt: skip


def _elements(result: skm.Result) -> list[dict[str, Any]]:
    """SKM: the mean of each element (NRR), and its index (× 25), which has a grade of its own."""
    return [
        {"code": code, "nrr": str(result.nrr[code]), "index": str(result.indexes[code]), "grade": skm.grade(result.indexes[code])}
        for code in skm.ELEMENTS
    ]  # fmt: skip


def _items(selection: Selection, newest: Instrument | None) -> list[dict[str, Any]]:
    """SKD: means of 1–10 and the gap between them; never made into the index."""
    texts = {q.code: q.texts for q in read(newest.content).questions} if newest else {}
    return [
        {
            "code": e.code, "texts": list(texts.get(e.code, ("", ""))), "satisfaction": two(e.satisfaction),
            "importance": "" if e.importance is None else two(e.importance),
            "gap": "" if e.gap is None else two(e.gap),
        }
        for e in results.elements(selection)
        if e.count >= FEWEST  # of two questionnaires in one period one may have asked what the other did not
    ]  # fmt: skip


def two(value: float) -> str:
    """A mean as it is shown: two decimals, halves up."""
    return str(skm.rounded(Fraction(value).limit_denominator(10**9)))


def _lowest(elements: Sequence[dict[str, Any]], is_skm: bool) -> list[str]:
    """What to work on first: the three lowest elements, or the three widest gaps."""
    if is_skm:
        return [e["code"] for e in sorted(elements, key=lambda e: Decimal(e["nrr"]))[:3]]
    gaps = [e for e in elements if e["gap"] and Decimal(e["gap"]) > 0]
    return [e["code"] for e in sorted(gaps, key=lambda e: -Decimal(e["gap"]))[:3]]


def name_of(code: str, texts: Sequence[str] = ()) -> str:
    """An element's or item's words in the reader's language."""
    if code in ELEMENT_NAMES:
        return str(ELEMENT_NAMES[code])
    return texts[get_language() == "en"] if texts else code
