"""The working calendar: a year's table for the office with its local days; the country's days for the administrator."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pst.setup import seen
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
    """A day of this office alone; it beats the country's row of the same date."""

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
        return seen.near(self.cleaned_data["date"], self.instance.office.today())


@access.supervisor
@never_cache
def calendar(request: Request) -> HttpResponse:
    """`tahun`: the year, this one unless said. POST: a local day more."""
    office = request.office
    year = _year(request.GET.get("tahun"), office.today().year)
    form = DayForm(
        request.POST if request.method == "POST" else None,
        instance=CalendarDay(office=office), initial={"kind": CalendarDay.Kind.LOCAL_HOLIDAY},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            settings.save_day(form.save(commit=False), by=request.actor)
        except settings.DayTaken as problem:
            form.add_error("date", str(problem))
        else:
            messages.success(
                request, _("Hari setempat disimpan; batas waktu yang berjalan ikut dihitung ulang.")
            )
            return redirect(f"{reverse('setup:calendar')}?tahun={form.instance.date.year}")
    known = OfficeCalendar(office)
    rows = [day for day in known.days if day.date.year == year]
    context = {
        "form": form, "year": year, "years": [y for y in (year - 1, year, year + 1) if y in YEARS], "rows": rows,
        "months": _months(year, known), "provisional": any(r.provisional for r in rows),
    }  # fmt: skip
    return render(request, "setup/calendar.html", context, status=422 if form.errors else 200)


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
    row = get_object_or_404(CalendarDay, pk=pk, office=request.office)
    settings.drop_day(row, by=request.actor)
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
