"""From what was asked for to pages and files: one report, or all of them in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain

from django.utils.translation import gettext as _

from pst.reports import catalogue
from pst.reports.catalogue import Report
from pst.reports.paper import Part, pdf
from pst.reports.scope import Scope
from pst.reports.workbook import workbook

ALL = "all"


def chosen(key: str) -> Sequence[Report]:
    """One, or all. Raises KeyError."""
    return catalogue.all_reports() if key == ALL else [catalogue.get(key)]


def title_of(key: str) -> str:
    """Raises KeyError."""
    return _("Laporan layanan") if key == ALL else str(catalogue.get(key).title)


def knows(key: str, scope: Scope) -> bool:
    """Whether it can be told of what is asked: not every report knows services. Raises KeyError."""
    return scope.service is None or any(report.by_service for report in chosen(key))


def of_officers(key: str) -> bool:
    """Whether it says what single officers did: it goes to supervisors alone. Raises KeyError."""
    return any(report.of_officers for report in chosen(key))


def parts(key: str, scope: Scope) -> list[Part]:
    """Of one service only the reports that know services."""
    reports = [report for report in chosen(key) if report.by_service or scope.service is None]
    return [(str(report.title), report.tables(scope)) for report in reports]


def as_pdf(key: str, scope: Scope, found: Sequence[Part], *, day: date, number: str = "") -> bytes:
    return pdf(title_of(key), found, scope, day=day, number=number)


def as_xlsx(key: str, scope: Scope, found: Sequence[Part], *, number: str = "") -> bytes:
    return workbook(
        title_of(key), heading(scope, number), list(chain.from_iterable(tables for _title, tables in found))
    )


def heading(scope: Scope, number: str = "") -> list[str]:
    """Whose, of which days, counted over what."""
    lines = [scope.office.name, scope.period.label]
    if scope.several:
        lines.append(_("%d kantor dihitung bersama") % len(scope.offices))
    if scope.service:
        lines.append(str(scope.service))
    lines.append(number or _("Pratinjau, tanpa nomor"))
    return lines
