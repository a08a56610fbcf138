"""Complaints and suggestions: what came, whether it was answered in time, and what was done so that it does not happen again.

Everything here is counted from `rows`: whoever reads the report finds nothing about themselves in it, nor by a difference
(docs/decisions/040).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import visibility
from complaints.models import Action, Complaint, Element, Kind
from complaints.models.record import Channel
from pst.panel.promises.cases import EXCLUDED, KEPT, MISSED, RUNNING, reckoned
from pst.reports.catalogue import Report
from pst.reports.days import added, by_time, day_of
from pst.reports.lists import listed
from pst.reports.scope import Scope
from pst.reports.tables import Column, Row, Table
from services.accounts.models import Membership, Role
from services.audit.models import AuditEntry

State = Complaint.State
FLAGS = {
    "answered": Count("pk", filter=Q(first_answered_at__isnull=False)), "decided": Count("pk", filter=Q(decided_at__isnull=False)),
    "over": Count("pk", filter=Q(state__in=Complaint.OVER)), "running": Count("pk", filter=~Q(state__in=Complaint.OVER)),
}  # fmt: skip
DONE_IN_TIME, DONE_LATE, UNDER_WAY, OVERDUE = range(4)


def rows(scope: Scope) -> Any:
    """Those of the period that this report may count, by the office whose service it was; floods set aside are not among them."""
    found = every(scope).exclude(state=State.SET_ASIDE)
    return found.filter(service=scope.service) if scope.service else found


def every(scope: Scope) -> Any:
    found = visibility.in_reports(scope.office, scope.offices).filter(scope.within("created_at"))
    return found.order_by()


def build(scope: Scope) -> Iterator[Table]:
    short = _(
        "Tanpa pengaduan yang menyebut petugas kantor ini dan yang diteruskan ke atas: lihat tabel pertama."
    )
    yield from _received(scope, _left_out(scope), short)
    first, decision = (
        ("created_at", "first_answered_at", "first_answer_days"),
        ("complete_at", "decided_at", "decision_days"),
    )
    yield _clock(scope, "first_answer", _("Tanggapan pertama tepat waktu"), short, first)
    yield _clock(scope, "decision", _("Keputusan tepat waktu"), short, decision)
    yield _late(scope, short)
    actions = _actions(scope)
    yield _owners(actions, short)
    yield _due(actions, scope, short)
    yield _satisfaction(scope, short)
    yield _suggestions(scope, short)


def _left_out(scope: Scope) -> str:
    """Always the same, whether there are any or not: how many would be the secret."""
    return _(
        "Tidak dihitung di sini, supaya laporan tidak memberi tahu siapa pun tentang pengaduan mengenai dirinya: pengaduan yang menyebut petugas %s, dan yang diteruskan ke kantor di atas. Keduanya masuk laporan kantor di atas bersama kantor di bawahnya."
    ) % scope.office.name  # fmt: skip


def _received(scope: Scope, left_out: str, short: str) -> Iterator[Table]:
    counted = list(
        rows(scope).annotate(c_day=day_of("created_at")).values_list("c_day", "kind", "channel", "element", "service__name")
        .annotate(n=Count("pk"), **FLAGS)
    )  # fmt: skip
    what = _(
        "Pengaduan dan saran yang diterima pada periode ini, pada hari diterima menurut kalender kantor. Ditanggapi: sudah ada tanggapan pertama. Selesai: ditutup, ditutup otomatis, atau dicabut. Yang disisihkan karena banjir pengaduan tidak dihitung."
    )
    columns = [_("Diterima"), _("Ditanggapi"), _("Diputuskan"), _("Selesai"), _("Masih berjalan")]
    days = added((row[0], row[5:]) for row in counted)
    yield by_time("days", _("Pengaduan dan saran"), f"{what} {left_out}", columns, days, scope)
    for key, title, head, place, name in (
        ("kinds", _("Menurut jenis"), _("Jenis"), 1, _kind), ("channels", _("Menurut saluran"), _("Saluran"), 2, _channel),
        ("elements", _("Menurut unsur pelayanan"), _("Unsur"), 3, _element), ("services", _("Menurut layanan"), _("Layanan"), 4, _service),
    ):  # fmt: skip
        found = added((name(row[place]), row[5:]) for row in counted)
        yield listed(key, title, f"{what} {short}", head, columns, found)


def _due(actions: list[tuple[str, date, int, int]], scope: Scope, left_out: str) -> Table:
    found = added(
        (due, [n, n if how <= DONE_LATE else 0, n if how > DONE_LATE else 0])
        for _role, due, how, n in actions
    )
    what = _("Tindakan perbaikan dari pengaduan di atas, menurut tenggatnya.")
    columns = [_("Tindakan"), _("Selesai"), _("Belum selesai")]
    return by_time("due", _("Tenggat tindakan perbaikan"), f"{what} {left_out}", columns, found, scope)


def _kind(code: str) -> str:
    return str(Kind(code).label)


def _channel(code: str) -> str:
    return str(Channel(code).label)


def _element(code: str) -> str:
    return f"{code} {Element(code).label}" if code else _("Belum ditentukan")


def _service(name: str | None) -> str:
    return _(name) if name else _("Tanpa layanan")


def _clock(scope: Scope, key: str, title: str, left_out: str, clock: tuple[str, str, str]) -> Table:
    """By the office's present times, as the panel's promise reckons them."""
    found, result, _reason = reckoned(rows(scope), *clock)
    counted = added(
        (kind, [n if told == which else 0 for which in (KEPT, MISSED, EXCLUDED, RUNNING)])
        for kind, told, n in found.annotate(c_result=result)
        .values_list("kind", "c_result")
        .annotate(n=Count("pk"))
    )
    out: list[Row] = [_told(str(Kind(kind).label), counted[kind]) for kind in Kind.values if kind in counted]
    sums = [sum(numbers[n] for numbers in counted.values()) for n in range(4)]
    return Table(
        key, title,
        f"{_('Hari kalender kantor yang menangani, menurut batas waktu yang berlaku sekarang (UU 25/2009 dan aturan kantor). Keputusan: sejak pengaduan lengkap. Tidak dihitung: selesai tanpa tanggapan atau keputusan.')} {left_out}",
        [Column(_("Jenis")), Column(_("Ditepati"), "count"), Column(_("Terlambat"), "count"), Column(_("Ditepati, %"), "share"),
         Column(_("Tidak dihitung"), "count"), Column(_("Belum selesai"), "count")],
        out, total=_told(_("Jumlah"), sums) if out else None, draw=(3,),
    )  # fmt: skip


def _told(name: str, numbers: list[int]) -> Row:
    kept, missed, excluded, running = numbers
    return [name, kept, missed, kept / (kept + missed) if kept + missed else None, excluded, running]


def _late(scope: Scope, left_out: str) -> Table:
    went_up = AuditEntry.objects.filter(
        target_type=Complaint._meta.label_lower, target_id=OuterRef("pk"), action="complaint.escalated"
    )
    now = Q(state__in=Complaint.OURS, due_at__lt=timezone.now())
    counted = rows(scope).annotate(c_up=Exists(went_up)).aggregate(
        up=Count("pk", filter=Q(c_up=True) | Q(escalated_at__isnull=False)), above=Count("pk", filter=~Q(place=F("office"))),
        late=Count("pk", filter=now), linked=Count("pk", filter=Q(duplicate_of__isnull=False)), n=Count("pk"),
    )  # fmt: skip
    aside = every(scope).filter(state=State.SET_ASIDE)
    if scope.service:
        aside = aside.filter(service=scope.service)
    found: list[Row] = [
        [_("Melewati batas dan dinaikkan ke atasan"), counted["up"]], [_("Sekarang melewati batas"), counted["late"]],
        [_("Ditangani kantor di atasnya"), counted["above"]], [_("Dikaitkan dengan pengaduan lain tentang hal yang sama"), counted["linked"]],
        [_("Disisihkan karena banjir pengaduan, tidak dihitung di tabel lain"), aside.count()],
    ]  # fmt: skip
    return Table(
        "late", _("Keterlambatan dan eskalasi"),
        f"{_('Dari yang diterima pada periode ini. Yang melewati batas diberitahukan kepada atasan dan kantor di atasnya. Sekarang: saat laporan dibuat.')} {left_out}",
        [Column(_("Hal")), Column(_("Pengaduan"), "count")], found if counted["n"] or found[-1][1] else [],
    )  # fmt: skip


def _actions(scope: Scope) -> list[tuple[str, date, int, int]]:
    """(whose, due, how it stands, how many). Whose: a kind of officer, never a name."""
    works = Membership.objects.filter(user=OuterRef("owner"), office=OuterRef("complaint__place"))
    found = Action.objects.filter(complaint__in=rows(scope).values("pk")).order_by()
    found = found.annotate(
        c_role=Subquery(works.values("role")[:1]), c_done=day_of("done_at", "complaint__place")
    )
    today = scope.office.today(timezone.now())
    return [
        (_owner(role), due, _standing(due, done, today), n)
        for role, due, done, n in found.values_list("c_role", "due_on", "c_done").annotate(n=Count("pk"))
    ]


def _owner(role: str | None) -> str:
    return str(Role(role).label) if role else _("Tidak lagi bertugas di kantor ini")


def _standing(due: date, done: date | None, today: date) -> int:
    if done:
        return DONE_IN_TIME if done <= due else DONE_LATE
    return UNDER_WAY if today <= due else OVERDUE


def _owners(actions: list[tuple[str, date, int, int]], left_out: str) -> Table:
    counted = added(
        (role, [n, *(n if how == which else 0 for which in range(4))]) for role, _due, how, n in actions
    )
    out: list[Row] = []
    for role in sorted(counted):
        waiting = [due for which, due, how, _n in actions if which == role and how > DONE_LATE]
        out.append([role, *counted[role], min(waiting).isoformat() if waiting else None])
    sums = [sum(numbers[n] for numbers in counted.values()) for n in range(5)]
    return Table(
        "actions", _("Tindakan perbaikan"),
        f"{_('Tindakan yang direncanakan atas pengaduan yang diterima pada periode ini, menurut jenis petugas yang bertanggung jawab; namanya tidak dimuat. Selesai: dengan bukti.')} {left_out}",
        [Column(_("Penanggung jawab")), Column(_("Direncanakan"), "count"), Column(_("Selesai tepat waktu"), "count"),
         Column(_("Selesai terlambat"), "count"), Column(_("Berjalan"), "count"), Column(_("Lewat tenggat"), "count"), Column(_("Tenggat terdekat"), "date")],
        out, total=[_("Jumlah"), *sums, None] if out else None,
    )  # fmt: skip


def _satisfaction(scope: Scope, left_out: str) -> Table:
    """What complainants think of the handling, as a trait of people: who was the one that gave a one?"""
    counted = dict(rows(scope).exclude(satisfied=None).values_list("satisfied").annotate(n=Count("pk")))
    found = {_("%d dari 5") % stars: [counted[stars]] for stars in range(5, 0, -1) if stars in counted}
    return listed(
        "satisfaction", _("Kepuasan atas penanganan"), f"{_('Nilai 1–5 yang diberikan pelapor setelah pengaduannya dijawab.')} {left_out}",
        _("Nilai"), [_("Pelapor")], found, in_order=True, shares=True, people=True,
    )  # fmt: skip


def _suggestions(scope: Scope, left_out: str) -> Table:
    counted = rows(scope).filter(kind=Kind.SUGGESTION).aggregate(
        n=Count("pk"), told=Count("pk", filter=Q(published_at__isnull=False)), answered=FLAGS["answered"], decided=FLAGS["decided"]
    )  # fmt: skip
    found: list[Row] = [
        [_("Diterima"), counted["n"]], [_("Ditanggapi"), counted["answered"]], [_("Diputuskan"), counted["decided"]],
        [_("Diumumkan: yang disampaikan dan yang kami lakukan"), counted["told"]],
    ]  # fmt: skip
    return Table(
        "suggestions", _("Saran dan tindak lanjutnya"), f"{_('Saran yang diterima pada periode ini.')} {left_out}",
        [Column(_("Hal")), Column(_("Saran"), "count")], found if counted["n"] else [],
    )  # fmt: skip


REPORT = Report(
    "complaints",
    gettext_lazy("Pengaduan dan tindak lanjut"),
    gettext_lazy("Pengaduan dan saran, ketepatan tanggapan, eskalasi, dan tindakan perbaikan."),
    build,
    by_service=True,
)
