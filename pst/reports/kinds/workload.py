"""What officers did: services given, minutes, answers, books, complaints, days of duty. Of one office a row for each officer, of
several a row for each office: whoever oversees others sees figures, not their people (docs/decisions/041).

It compares nobody: rows stand by name, nothing is drawn, and there is no figure per hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Complaint, ComplaintStep
from consultation.models import Message
from library.models import Loan
from library.models.circulation import LoanStep
from pst.reports.aggregates import Minutes
from pst.reports.catalogue import Report
from pst.reports.scope import Scope
from pst.reports.tables import Column, Row, Table
from queueing.models import Duty
from services.accounts.models import User
from services.guestbook.models import VisitService
from services.offices.calendar import calendars

Who = tuple[int, int | None]  # office, officer
Done = dict[str, float]
COLUMNS = ("given", "minutes", "answered", "lent", "complaints", "served_days", "duty_days")


def build(scope: Scope) -> Iterator[Table]:
    done = _done(scope)
    yield _of_offices(scope, done) if scope.several else _of_officers(done)


def _done(scope: Scope) -> dict[Who, Done]:
    found: dict[Who, Done] = defaultdict(lambda: dict.fromkeys(COLUMNS, 0))
    timed = Q(visit__entered_at=None, started_at__isnull=False)
    given = scope.received().filter(state=VisitService.State.DONE).values("office", "officer")
    for row in given.annotate(
        given=Count("pk"), minutes=Sum(Minutes("started_at", "ended_at"), filter=timed),
        served_days=Count("visit__day", distinct=True),
    ):  # fmt: skip
        found[row["office"], row["officer"]] |= {n: row[n] or 0 for n in ("given", "minutes", "served_days")}
    for name, rows, office, officer, what in (
        ("answered", _answers(scope), "consultation__office", "by_user", "consultation"),
        ("lent", _loans(scope), "subject__office", "by_user", "subject"),
        ("complaints", _complaints(scope), "subject__place", "by_user", "subject"),
    ):
        for row in rows.values_list(office, officer).annotate(n=Count(what, distinct=True)).order_by():
            found[row[0], row[1]][name] = row[2]
    for who, days in _duty_days(scope).items():
        found[who]["duty_days"] = days
    return found


def _answers(scope: Scope) -> QuerySet[Message]:
    return Message.objects.filter(scope.within("at", "consultation__office"), kind=Message.Kind.OFFICER)


def _loans(scope: Scope) -> QuerySet[LoanStep]:
    """Books that left the room."""
    rows = LoanStep.objects.filter(scope.within("at", "subject__office"), state=Loan.State.OUT)
    return rows.exclude(subject__kind=Loan.Kind.READING)


def _complaints(scope: Scope) -> QuerySet[ComplaintStep]:
    """None about anybody who works there: today's frontliner is next year's supervisor, and opens what was handed in
    (docs/decisions/040)."""
    theirs = User.objects.filter(memberships__office__in=[scope.office, *scope.offices])
    about = Complaint.about.through.objects.filter(user__in=theirs).values("complaint")
    rows = ComplaintStep.objects.filter(scope.within("at", "subject__place"), state=Complaint.State.ANSWERED)
    return rows.exclude(subject__in=about)


def _duty_days(scope: Scope) -> dict[Who, int]:
    """By the roster as it is now, up to today: the weekly plan on days the office serves, and what is said of single dates."""
    weekly: dict[Who, set[int]] = defaultdict(set)
    days: dict[Who, set[Any]] = defaultdict(set)
    known, now = calendars(scope.offices), timezone.now()
    last = {office.pk: min(scope.period.until, office.today(now)) for office in scope.offices}
    duties = Duty.objects.filter(office__in=scope.offices).filter(
        Q(date=None) | Q(date__range=(scope.period.since, scope.period.until))
    )
    for office, user, weekday, day in duties.values_list("office", "user", "weekday", "date"):
        if day is None and weekday is not None:
            weekly[office, user].add(weekday)
        elif day and day <= last[office]:
            days[office, user].add(day)
    offices_on_roster = {office for office, _user in weekly}
    for office in offices_on_roster:
        length = (last[office] - scope.period.since).days + 1
        for day in (scope.period.since + timedelta(days=n) for n in range(length)):
            if known[office].hours_on(day):
                for who, weekdays in weekly.items():
                    if who[0] == office and day.weekday() in weekdays:
                        days[who].add(day)
    return {who: len(found) for who, found in days.items()}


def _definition() -> str:
    return _(
        "Layanan: yang selesai dilayani petugas itu pada periode ini, dengan menit dari dimulai sampai selesai (yang dicatat belakangan dari kertas tanpa menit). Konsultasi: yang dijawab atau ditanggapinya. Buku: peminjaman dan izin keluar yang diberikannya. Pengaduan: yang dijawabnya; yang tentang petugas kantor ini tidak dihitung. Hari piket: menurut jadwal yang berlaku sekarang, sampai hari ini."
    )  # fmt: skip


def _columns(first: str) -> list[Column]:
    return [
        Column(first), Column(_("Layanan selesai"), "count"), Column(_("Menit melayani"), "minutes"), Column(_("Konsultasi dijawab"), "count"),
        Column(_("Buku keluar"), "count"), Column(_("Pengaduan dijawab"), "count"), Column(_("Hari melayani"), "count"), Column(_("Hari piket"), "count"),
    ]  # fmt: skip


def _sum(rows: list[Row], first: str) -> Row:
    return [first, *(sum(float(row[n] or 0) for row in rows) for n in range(1, len(rows[0]) if rows else 1))]


def _of_officers(done: dict[Who, Done]) -> Table:
    names = dict(
        User.objects.filter(pk__in=[user for _office, user in done if user]).values_list("pk", "name")
    )
    rows: list[Row] = [
        [names.get(user or 0) or _("Petugas tidak tercatat"), *(figures[name] for name in COLUMNS)]
        for (_office, user), figures in done.items()
    ]
    rows.sort(key=lambda row: str(row[0]).casefold())
    no_ranking = _(
        "Bukan peringkat: urut nama. Lamanya melayani bergantung pada apa yang ditanyakan pengunjung, dan tugas di luar PST tidak tercatat di sini. Beberapa pengunjung dapat dilayani sekaligus (membaca di ruang pustaka), jadi menitnya dapat melebihi jam kerja."
    )
    return Table(
        "officers", _("Beban kerja menurut petugas"), f"{no_ranking} {_definition()}", _columns(_("Petugas")), rows,
        total=_sum(rows, _("Jumlah")) if rows else None, draw=(),
    )  # fmt: skip


def _of_offices(scope: Scope, done: dict[Who, Done]) -> Table:
    rows: list[Row] = []
    for office in scope.offices:
        of_it = {user: figures for (key, user), figures in done.items() if key == office.pk}
        sums = [sum(figures[name] for figures in of_it.values()) for name in COLUMNS]
        rows.append([office.name, *sums, len([user for user in of_it if user])])
    text = _(
        "Jumlah semua petugas tiap kantor; menurut petugas hanya dalam laporan kantor itu sendiri. Bukan peringkat."
    )
    columns = [*_columns(_("Kantor")), Column(_("Petugas"), "count")]
    return Table(
        "offices", _("Beban kerja menurut kantor"), f"{text} {_definition()}", columns, rows, total=_sum(rows, _("Jumlah")), draw=(),
    )  # fmt: skip


REPORT = Report(
    "workload", gettext_lazy("Beban kerja petugas"), gettext_lazy("Apa yang dikerjakan petugas pada periode ini; bukan peringkat."), build, of_officers=True,
)  # fmt: skip
