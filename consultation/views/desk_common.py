"""What the officer's pages about one consultation share: finding it behind the office's wall."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from consultation.models import Consultation, DataWanted
from services.accounts.http import Request
from services.guestbook.models import Visitor

RELATED = (
    "service", "standard", "officer", "visitor", "received__visit__visitor", "merged_into", "split_from",
)  # fmt: skip

WANTED = ("topic", "region", "years", "level")


def find(request: Request, number: str) -> Consultation:
    """Of this office; another's does not exist."""
    wanted = DataWanted.objects.filter(consultation=OuterRef("pk")).order_by("pk")
    rows = Consultation.objects.filter(office=request.office).select_related(*RELATED)
    rows = rows.annotate(wanted_rows=ArraySubquery(wanted.values(row=JSONObject(**{f: f for f in WANTED}))))
    found: Any = get_object_or_404(rows.defer("standard__source_text"), number=number)
    found.office = request.office
    found.wanted_rows = [DataWanted(**row) for row in found.wanted_rows]
    return found


def page_of(consultation: Consultation) -> str:
    return reverse("consultation:thread_desk", args=[consultation.number])


def person_of(consultation: Consultation) -> Visitor | None:
    """Who asked: as recorded with it, or by the visit in which it was noted down."""
    if consultation.visitor:
        return consultation.visitor
    return consultation.received.visit.visitor if consultation.received else None


def whole(typed: str) -> int:
    """A key from a form; 404 for what is none."""
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 19):
        raise Http404
    return int(typed)
