"""Which offices can be asked on line, and which one a question names."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from consultation.workflows.opening import WORK_URL
from services.offices.models import Office
from services.text import tokens

KINDS = ("bps", "badan", "pusat", "statistik", "kabupaten", "kota", "provinsi", "kab", "prov")


def askable() -> QuerySet[Office]:
    """Those that publish the consultation, and those that send people to it when nothing was found (SW10)."""
    ours = Q(services__work_url_name=WORK_URL)
    sending = Q(
        services__standards__status="published", services__standards__rule_set__key="ask_when_not_found",
        services__standards__rule_set__value=True,
    )  # fmt: skip
    return Office.objects.filter(ours | sending, services__active=True).order_by("name").distinct()


def named_in(question: str, offices: list[Office]) -> Office | None:
    """The one office whose place stands in the question; the longest name counts ("Belitung Timur" is not Belitung)."""
    said = f" {' '.join(tokens(question))} "
    found: dict[str, Office] = {}
    for office in offices:
        place = " ".join(word for word in tokens(office.name) if word not in KINDS)
        if place and f" {place} " in said:
            found[place] = office
    longest = [place for place in found if not any(place != other and place in other for other in found)]
    return found[longest[0]] if len(longest) == 1 else None
