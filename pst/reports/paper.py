"""A report on A4: letterhead, number, tables with their charts and definitions, a place to sign. Tagged PDF/UA."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.template.loader import render_to_string

from pst.reports.cells import shown
from pst.reports.models import Letterhead
from pst.reports.scope import Scope
from pst.reports.tables import Table
from services.offices.models import Office
from services.pdf import draw

Part = tuple[str, Sequence[Table]]  # a report's title, its tables


def letterhead_of(office: Office) -> Letterhead:
    return Letterhead.objects.filter(office=office).first() or Letterhead(office=office)


def lines_of(letterhead: Letterhead) -> list[str]:
    """As the office wrote them, else its published name and where it is reached."""
    own = [line.strip() for line in letterhead.lines.splitlines() if line.strip()]
    office = letterhead.office
    reached = " · ".join(part for part in (office.phone, office.email, office.website) if part)
    return own or [line for line in (office.name, office.address, reached) if line]


def pdf(title: str, parts: Sequence[Part], scope: Scope, *, day: date, number: str = "") -> bytes:
    """`number`: of an issued one; without it the pages say that it is a preview."""
    letterhead = letterhead_of(scope.office)
    context: dict[str, Any] = {
        "title": title, "scope": scope, "office": scope.office, "number": number, "day": day,
        "paper": True, "letterhead": letterhead, "lines": lines_of(letterhead),
        "parts": [(name, [shown(table) for table in tables]) for name, tables in parts],
    }  # fmt: skip
    return draw(render_to_string("reports/paper.html", context), "report-office.css")
