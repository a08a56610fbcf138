"""Who came: visits and people by service, day, hour and what visitors said of themselves (SKD Block I, domain.md §3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractHour
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pst.reports.catalogue import Report
from pst.reports.days import added
from pst.reports.scope import Scope
from pst.reports.tables import Column, Row, Table, with_shares
from services.guestbook import reference
from services.guestbook.models import Visit

# Fields of a visitor and the list with their words.
TRAITS = (
    ("visitor__gender", "gender", gettext_lazy("Jenis kelamin")),
    ("visitor__education", "education", gettext_lazy("Pendidikan")),
    ("visitor__job", "job", gettext_lazy("Pekerjaan")),
    ("visitor__institution_category", "institution", gettext_lazy("Kategori instansi")),
    ("use_of_data", "use", gettext_lazy("Pemanfaatan data")),
)
AGES = ((0, 16), (17, 25), (26, 34), (35, 44), (45, 54), (55, 200))  # whole years, in the year of the visit
SIGNED = ~Q(guest_book_at=None)


def build(scope: Scope) -> Iterator[Table]:
    visits = scope.visits()
    yield _services(scope)
    yield _days(scope)
    yield _hours(scope)
    yield _ends(scope)
    for path, name, title in TRAITS:
        yield _trait(scope, visits.filter(SIGNED), path, name, str(title))
    yield _ages(scope, visits.filter(SIGNED))
    yield _assistance(scope, visits.filter(SIGNED))


def _services(scope: Scope) -> Table:
    rows = scope.received().values_list("service__name").annotate(
        n=Count("pk"), people=Sum("visit__party_size"), done=Count("pk", filter=Q(state="done"))
    )  # fmt: skip
    found: list[Row] = [
        [_(name), n, people, done] for name, n, people, done in rows.order_by("-n", "service__name")
    ]
    return Table(
        "services", _("Menurut layanan"),
        _("Setiap layanan yang diminta dalam kunjungan pada periode ini; satu kunjungan dapat meminta beberapa layanan. Orang: besar rombongan."),
        [Column(_("Layanan")), Column(_("Diminta"), "count"), Column(_("Orang"), "count"), Column(_("Selesai dilayani"), "count")],
        found, total=[_("Jumlah"), *(sum(int(row[n] or 0) for row in found) for n in (1, 2, 3))], draw=(1,),
    )  # fmt: skip


def _days(scope: Scope) -> Table:
    """By day, or by month where the period is longer than two of them."""
    rows = scope.visits().values_list("day").annotate(n=Count("pk", distinct=True)).order_by("day")
    people = dict(_people(scope).values_list("day").annotate(n=Sum("party_size")))
    long = scope.period.days > 62
    counted: dict[Any, list[int]] = {}
    for day, n in rows:
        entry = counted.setdefault(f"{day:%Y-%m}" if long else day.isoformat(), [0, 0])
        entry[0] += n
        entry[1] += people.get(day, 0)
    found: list[Row] = [[key, n, people] for key, (n, people) in counted.items()]
    return Table(
        "days", _("Menurut bulan") if long else _("Menurut hari"),
        _("Kunjungan menurut hari kedatangan, pada kalender kantor; yang pulang sebelum dilayani ikut dihitung."),
        [Column(_("Bulan"), "month") if long else Column(_("Hari"), "date"), Column(_("Kunjungan"), "count"), Column(_("Orang"), "count")],
        found, total=[_("Jumlah"), *(sum(int(row[n] or 0) for row in found) for n in (1, 2))],
    )  # fmt: skip


def _people(scope: Scope) -> Any:
    """Visits once each, whatever services were asked for: a sum over a join would count a party twice."""
    return (
        Visit.objects.filter(pk__in=scope.visits().values("pk")).order_by()
        if scope.service
        else scope.visits()
    )


def _hours(scope: Scope) -> Table:
    """By the hour of arrival at each office's own clock."""
    counted: Counter[int] = Counter()
    for zone in {office.zone for office in scope.offices}:
        rows = (
            _people(scope)
            .filter(office__time_zone=str(zone))
            .annotate(hour=ExtractHour("arrived_at", tzinfo=zone))
        )
        counted.update(dict(rows.values_list("hour").annotate(n=Count("pk"))))
    rows = with_shares((f"{hour:02d}.00–{hour:02d}.59", counted[hour]) for hour in sorted(counted))
    return Table(
        "hours", _("Menurut jam kedatangan"), _("Kunjungan menurut jam kedatangan, waktu setempat."),
        [Column(_("Jam")), Column(_("Kunjungan"), "count"), Column(_("Bagian"), "share")],
        rows, total=[_("Jumlah"), sum(counted.values()), None],
    )  # fmt: skip


def _ends(scope: Scope) -> Table:
    words = {**dict(Visit.EndReason.choices), "": _("Masih berlangsung")}
    rows = _people(scope).values_list("end_reason").annotate(n=Count("pk")).order_by("-n", "end_reason")
    found = with_shares((str(words.get(code, code)), n) for code, n in rows)
    return Table(
        "ends", _("Bagaimana berakhir"), _("Kunjungan menurut caranya berakhir."),
        [Column(_("Berakhir")), Column(_("Kunjungan"), "count"), Column(_("Bagian"), "share")],
        found, total=[_("Jumlah"), sum(int(row[1] or 0) for row in found), None],
    )  # fmt: skip


def _trait(scope: Scope, visits: Any, path: str, name: str, title: str) -> Table:
    words = reference.words(name, scope.period.until)
    counts = (
        Visit.objects.filter(pk__in=visits.values("pk")).order_by().values_list(path).annotate(n=Count("pk"))
    )
    named = added(
        (words.get(code or "", code or _("Tidak diisi")), [n]) for code, n in counts
    )  # "" and no row are one
    said = sorted(((label, n) for label, (n,) in named.items()), key=lambda row: -row[1])
    return _of_people(name, _("Menurut %s") % title.lower(), title, said)


def _ages(scope: Scope, visits: Any) -> Table:
    rows = Visit.objects.filter(pk__in=visits.values("pk")).order_by()
    counted: Counter[str] = Counter()
    for age, n in rows.values_list(F("day__year") - F("visitor__birth_year")).annotate(n=Count("pk")):
        counted[_band(age)] += n
    order = [_band(least) for least, _most in AGES] + [_band(None)]
    return _of_people(
        "ages", _("Menurut kelompok umur"), _("Umur (tahun)"), [(b, counted[b]) for b in order if counted[b]]
    )


def _band(age: int | None) -> str:
    if age is None:
        return _("Tidak diisi")
    least, most = next(((a, b) for a, b in AGES if a <= age <= b), AGES[0])
    return f"≤{most}" if least == 0 else f"≥{least}" if most == 200 else f"{least}–{most}"


def _assistance(scope: Scope, visits: Any) -> Table:
    """Only that help was needed; what is written there is nobody else's business."""
    rows = Visit.objects.filter(pk__in=visits.values("pk")).order_by()
    helped = rows.exclude(Q(visitor=None) | Q(visitor__assistance="")).count()
    every = rows.count()
    found = [(_("Memerlukan bantuan"), helped), (_("Tidak"), every - helped)] if every else []
    return _of_people("assistance", _("Bantuan yang dibutuhkan"), _("Bantuan"), found)


def _of_people(key: str, title: str, head: str, said: Iterable[tuple[str, int]]) -> Table:
    rows = with_shares(said)
    return Table(
        key, title, _("Kunjungan dengan buku tamu, menurut yang ditulis pengunjung tentang dirinya; rombongan dihitung sekali, menurut wakilnya."),
        [Column(head), Column(_("Kunjungan"), "count"), Column(_("Bagian"), "share")],
        rows, total=[_("Jumlah"), sum(int(row[1] or 0) for row in rows), None], people=True,
    )  # fmt: skip


REPORT = Report(
    "visits",
    gettext_lazy("Kunjungan"),
    gettext_lazy("Siapa yang datang, kapan, untuk apa."),
    build,
    by_service=True,
)
