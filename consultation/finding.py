"""The officer's list: what is due next first, narrowed by whose turn it is, channel, tag and words. As many questions
for 100,000 consultations as for one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.cache import cache
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from consultation.models import Consultation, HandOver, Message
from consultation.models.record import NUMBER_END
from services.accounts.models import User
from services.guestbook import returning
from services.offices.models import Office

PAGE = 25
MOST_COUNTED = 1_000  # shown as "1.000+": nobody goes through more by hand
MOST_FOUND = 500  # by words, the latest
MOST_MESSAGES = 2_000
SHORTEST = 3
COUNT_SECONDS = 10
NUMBER = re.compile(r"[Kk]?\d{4}-\d{2}-\d{1,9}")
LISTS = {
    "": _("Perlu dijawab"),
    "saya": _("Tugas saya"),
    "bebas": _("Belum diambil"),
    "lewat": _("Lewat batas"),
    "menunggu": _("Menunggu pengguna"),
    "selesai": _("Selesai"),
    "semua": _("Semua"),
    "dialihkan": _("Dialihkan ke kantor lain"),
}


@dataclass(frozen=True)
class Asked:
    """What the list shows. `which`: a key of LISTS."""

    which: str = ""
    channel: str = ""
    tag: str = ""
    words: str = ""


def find(office: Office, asked: Asked, user: User, at: datetime) -> QuerySet[Consultation]:
    """In the order in which they are to be looked at."""
    rows = _listed(Consultation.objects.filter(office=office), asked.which, user, at)
    if asked.channel:
        rows = rows.filter(channel=asked.channel)
    if asked.tag:
        rows = rows.filter(tags__contains=[asked.tag])
    if asked.words:
        rows = rows.filter(pk__in=by_words(office, asked.words))
    return rows


def _listed(rows: QuerySet[Consultation], which: str, user: User, at: datetime) -> QuerySet[Consultation]:
    due, closes = F("due_at").asc(nulls_last=True), F("closes_at").asc(nulls_last=True)
    if which == "saya":  # what is due from us before what is due from them
        return rows.filter(officer=user).exclude(state__in=Consultation.OVER).order_by(due, closes, "pk")
    if which == "menunggu":
        return rows.filter(state__in=Consultation.THEIRS).order_by(closes, "pk")
    if which == "selesai":
        return rows.filter(state__in=Consultation.OVER).order_by("-submitted_at", "-pk")
    if which == "semua":
        return rows.order_by("-submitted_at", "-pk")
    ours = rows.filter(state__in=Consultation.OURS).order_by(due, "pk")
    if which == "bebas":
        return ours.filter(officer=None)
    return ours.filter(due_at__lt=at) if which == "lewat" else ours


def handed_over(office: Office) -> QuerySet[HandOver]:
    """Where those went that this office gave away, the latest first: their numbers and nothing else."""
    rows = HandOver.objects.filter(from_office=office).exclude(to_office=office)
    rows = rows.exclude(consultation__office=office).order_by("-at", "-pk")
    return rows.select_related("to_office", "consultation").only(
        "at", "consultation__number", "to_office__name", "to_office__code"
    )


def by_words(office: Office, typed: str) -> list[int]:
    """Keys of the latest with this number, with these words in subject or question, or of somebody of this name. Each
    place is asked by its own index; together they are one question."""
    here = Consultation.objects.filter(office=office)
    typed = " ".join(typed.replace("\0", "").split())
    if NUMBER.fullmatch(typed):
        number = typed.upper() if typed[0] in "Kk" else f"K{typed}"
        return list(here.filter(number=number).values_list("pk", flat=True))
    parts = [here.filter(reference__iexact=typed)]
    if typed.isascii() and typed.isdecimal():
        parts.append(here.alias(end=NUMBER_END).filter(end=typed.zfill(5)))
    if query := _prefixes(typed):
        subject = SearchVector("subject", config="simple")
        parts += [here.alias(found=subject).filter(found=query), here.filter(pk__in=_asked(office, query))]
    if who := returning.condition(typed):
        people = office.visitors.filter(who).values("pk")
        on_site = here.filter(received__isnull=False)
        parts += [here.filter(visitor__in=people), on_site.filter(received__visit__visitor__in=people)]
    rows = [
        part.order_by("-submitted_at", "-pk").values_list("pk", "submitted_at")[:MOST_FOUND] for part in parts
    ]
    if len(rows) == 1:
        return [pk for pk, _at in rows[0]]
    return [pk for pk, _at in rows[0].union(*rows[1:]).order_by("-submitted_at", "-pk")[:MOST_FOUND]]


def _asked(office: Office, query: SearchQuery) -> QuerySet:
    """Keys of consultations by the latest of the visitor's words. With a limit and an order of its own it is found by its
    index: else the planner walks through all consultations from the latest one, and cuts every message into words anew."""
    body = SearchVector("body", config="simple")
    rows = Message.objects.filter(kind=Message.Kind.VISITOR, consultation__office=office)
    rows = rows.alias(found=body).filter(found=query)
    return rows.order_by("-at").values("consultation")[:MOST_MESSAGES]


def _prefixes(typed: str) -> SearchQuery | None:
    """Every word, from its beginning."""
    words = re.findall(r"\w+", typed.lower())
    long = [word for word in words if len(word) >= SHORTEST]
    if not long:
        return None
    return SearchQuery(" & ".join(f"{word}:*" for word in long), config="simple", search_type="raw")


def to_answer(office: Office) -> int:
    """How many wait for this office, for the navigation of every page; a few seconds old at most."""
    key = f"consultation.to_answer.{office.pk}"
    found = cache.get(key)
    if found is None:
        rows = Consultation.objects.filter(office=office, state__in=Consultation.OURS).order_by()
        found = rows[: MOST_COUNTED + 1].count()
        cache.set(key, found, COUNT_SECONDS)
    return found


def forget_count(office: Office) -> None:
    """This process has just changed it."""
    cache.delete(f"consultation.to_answer.{office.pk}")


def used_tags(office: Office, most: int = 60) -> list[str]:
    """Of the latest consultations, the most frequent first."""
    counted: dict[str, int] = {}
    rows: Iterable[list[str]] = (
        Consultation.objects.filter(office=office)
        .exclude(tags=[])
        .order_by("-submitted_at", "-pk")
        .values_list("tags", flat=True)[:500]
    )
    for tags in rows:
        for tag in tags:
            counted[tag] = counted.get(tag, 0) + 1
    return sorted(counted, key=lambda tag: (-counted[tag], tag.casefold()))[:most]
