"""The working calendar: a year's table for the office with its local days; the country's days for the administrator."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pst.setup import reach, seen
from services.accounts import access
from services.accounts.http import Request
from services.offices import decree, settings
from services.offices.calendar import OfficeCalendar
from services.offices.models import CalendarDay

KINDS = [
    (CalendarDay.Kind.LOCAL_HOLIDAY, gettext_lazy("Libur setempat")),
    (CalendarDay.Kind.WORKING, gettext_lazy("Hari kerja (meskipun libur atau akhir pekan)")),
]
YEARS = range(2015, 2101)


class DayForm(forms.ModelForm):
    """A day of this office alone; it beats the country's row of the same date. `reason` is asked of a day that is over."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan mengubah hari yang sudah lewat"), max_length=200, required=False,
        help_text=gettext_lazy("Hanya untuk tanggal yang sudah lewat, paling lama 31 hari. Tanpa nama orang."),
    )  # fmt: skip

    class Meta:
        model = CalendarDay
        fields = ["date", "kind", "name", "decree"]
        widgets = {"date": seen.day_input(), "kind": forms.RadioSelect}
        help_texts = {
            "name": gettext_lazy("Misalnya: Hari jadi kabupaten."),
            "decree": gettext_lazy("Surat keputusan daerahnya, bila ada."),
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kind"].choices = KINDS  # type: ignore[attr-defined]

    def clean_date(self) -> date:
        day, office = self.cleaned_data["date"], self.instance.office
        if seen.near(day, office.today()) < (earliest := settings.earliest(office)):
            raise forms.ValidationError(
                _("Paling awal %s; batas waktu sebelum itu sudah diputuskan.")
                % date_format(earliest, "DATE_FORMAT")
            )
        return day

    @property
    def is_over(self) -> bool:
        day = self.cleaned_data.get("date")
        return day is not None and day < self.instance.office.today()

    @property
    def mark(self) -> str:
        """Of which day, and as what, the effect was shown."""
        return f"{self.cleaned_data.get('date')} {self.cleaned_data.get('kind')}"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if self.is_over and not said.get("reason", "").strip():
            self.add_error("reason", _("Tulis mengapa hari yang sudah lewat ini diubah."))
        return said


@access.supervisor
@never_cache
def calendar(request: Request) -> HttpResponse:
    """`tahun`: the year, this one unless said. POST: a local day more; one that is over when `shown` says that the effect
    of this very day was in sight."""
    office = request.office
    year = _year(request.GET.get("tahun"), office.today().year)
    form = DayForm(
        request.POST if request.method == "POST" else None,
        instance=CalendarDay(office=office), initial={"kind": CalendarDay.Kind.LOCAL_HOLIDAY},
    )  # fmt: skip
    effect = None
    if request.method == "POST":
        ready = form.is_valid()
        if ready and (not form.is_over or request.POST.get("shown") == form.mark) and _added(request, form):
            return redirect(f"{reverse('setup:calendar')}?tahun={form.instance.date.year}")
        if form.is_over and "kind" in form.cleaned_data:
            row = CalendarDay(office=office, date=form.cleaned_data["date"], kind=form.cleaned_data["kind"])
            effect = reach.of_day(office, row, by=request.actor, at=timezone.now())
    known = OfficeCalendar(office)
    rows = [day for day in known.days if day.date.year == year]
    context = {
        "form": form, "effect": effect, "today": office.today(), "earliest": settings.earliest(office),
        "year": year, "years": [y for y in (year - 1, year, year + 1) if y in YEARS], "rows": rows,
        "months": _months(year, known), "provisional": any(r.provisional for r in rows),
    }  # fmt: skip
    return render(request, "setup/calendar.html", context, status=422 if form.errors else 200)


def _added(request: Request, form: DayForm) -> bool:
    """Whether the day is stored now; else the form says why not."""
    try:
        settings.save_day(
            form.save(commit=False),
            by=request.actor,
            reason=form.cleaned_data["reason"] if form.is_over else "",
        )
    except settings.DayTaken as problem:
        form.add_error("date", str(problem))
    except settings.DayOver as problem:  # midnight came between
        form.add_error("reason", str(problem))
    else:
        messages.success(request, _("Hari setempat disimpan; batas waktu yang berjalan ikut dihitung ulang."))
        return True
    return False


def _year(said: str | None, usual: int) -> int:
    if said is None:
        return usual
    if not said.isascii() or not said.isdecimal() or len(said) != 4 or int(said) not in YEARS:
        raise Http404
    return int(said)


def _months(year: int, known: OfficeCalendar) -> list[tuple[date, int, int]]:
    """Each month with its working days, and the days that are special."""
    found = []
    special = {row.date for row in known.days}
    for month in range(1, 13):
        first = date(year, month, 1)
        after = date(year + (month == 12), month % 12 + 1, 1)
        days = [first + timedelta(days=n) for n in range((after - first).days)]
        found.append(
            (first, sum(known.is_working_day(day) for day in days), sum(day in special for day in days))
        )
    return found


@access.supervisor
@require_POST
def day_delete(request: Request, pk: int) -> HttpResponse:
    """`reason`: asked of a day that is over."""
    row = get_object_or_404(CalendarDay.objects.select_related("office"), pk=pk, office=request.office)
    try:
        settings.drop_day(row, by=request.actor, reason=request.POST.get("reason", "").strip()[:200])
    except settings.DayOver as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("%s tidak lagi dikhususkan.") % row.name)
    return redirect(f"{reverse('setup:calendar')}?tahun={row.date.year}")


class DecreeForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("Tahun"), min_value=YEARS.start, max_value=YEARS.stop - 1)
    decree = forms.CharField(
        label=gettext_lazy("Nomor keputusan bersama"), max_length=200,
        help_text=gettext_lazy("SKB tiga menteri, seperti tertulis pada keputusannya."),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Daftar hari"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 14}),
        help_text=gettext_lazy(
            "Satu baris satu hari libur, misalnya “18–19 Maret 2027 Cuti bersama Idulfitri”. "
            "Judul “Cuti Bersama” berlaku untuk baris di bawahnya."
        ),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if {"year", "decree", "text"} <= set(said):
            self.found = decree.read(said["text"], year=said["year"], decree=said["decree"])
            if self.found.faults or not self.found.days:
                self.add_error("text", _("Tidak terbaca: %s") % decree.problem(self.found))
        return said


@access.administrator
@never_cache
def national(request: Request) -> HttpResponse:
    """The country's days: shown as they were read first, stored with `do=save`."""
    form = DecreeForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        days = form.found.days
        if request.POST.get("do") == "save":
            changed = settings.save_national(days, by=request.actor)
            messages.success(request, _("%d hari disimpan untuk seluruh kantor.") % changed)
            return redirect("setup:national")
        there = CalendarDay.objects.filter(office=None, date__year=form.cleaned_data["year"])
        dates = {day.date for day in days}
        context |= {"days": days, "left": [row for row in there if row.date not in dates]}
    context["stored"] = CalendarDay.objects.filter(office=None).order_by("-date")[:60]
    return render(request, "setup/national.html", context, status=422 if form.errors else 200)
