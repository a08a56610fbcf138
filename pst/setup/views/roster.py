"""Who serves when (piket): weekly, or on one date instead."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pst.setup import seen, steps
from queueing import roster as plan
from queueing.models import Duty
from queueing.workflows import duty as work
from services.accounts import access
from services.accounts.http import Request
from services.accounts.models import User
from services.offices.models import Office
from services.offices.models.calendar import Weekday


class DutyForm(forms.ModelForm):
    class Meta:
        model = Duty
        fields = ["user", "weekday", "date", "starts", "ends", "counter", "service"]
        widgets = {"date": seen.day_input(), "starts": seen.time_input(), "ends": seen.time_input()}
        labels = {
            "user": gettext_lazy("Petugas"), "counter": gettext_lazy("Loket"),
            "service": gettext_lazy("Layanan"), "weekday": gettext_lazy("Setiap"),
        }  # fmt: skip
        help_texts = {
            "date": gettext_lazy(
                "Hanya untuk satu tanggal: menggantikan piket mingguan orang itu pada hari itu."
            )
        }

    def __init__(self, *args: Any, office: Office, **more: Any) -> None:
        super().__init__(*args, **more)
        fields: Any = self.fields
        fields["user"].queryset = User.objects.filter(memberships__office=office, is_active=True).order_by(
            "name"
        )
        fields["counter"].queryset = office.counters.filter(active=True)
        fields["service"].queryset = office.services.filter(active=True)

    def clean_date(self) -> date | None:
        day = self.cleaned_data["date"]
        return seen.near(day, self.instance.office.today()) if day else None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        weekday, day = said.get("weekday"), said.get("date")
        if (weekday is None) == (day is None) and not {"weekday", "date"} & set(self.errors):
            self.add_error("weekday", _("Pilih hari, atau isi satu tanggal; bukan keduanya."))
        starts, ends = said.get("starts"), said.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("Harus sesudah jam mulai."))
        if starts and ends and not self.errors and (row := self._at_the_same_time(said)):
            text = _(
                "Orang ini sudah piket pukul %(from)s–%(to)s pada hari itu. Hapus dulu yang itu, atau pilih jam lain."
            )
            self.add_error("starts", text % {"from": clock(row.starts), "to": clock(row.ends)})
        return said

    def _at_the_same_time(self, said: dict[str, Any]) -> Duty | None:
        """The same person, the same day, hours that overlap."""
        same = self.instance.office.duties.filter(
            user=said["user"], weekday=said["weekday"], date=said["date"]
        )
        return same.filter(starts__lt=said["ends"], ends__gt=said["starts"]).first()


def clock(at: Any) -> str:
    return time_format(at, "TIME_FORMAT")


@access.supervisor
@never_cache
def roster(request: Request) -> HttpResponse:
    office = request.office
    form = DutyForm(
        request.POST if request.method == "POST" else None, instance=Duty(office=office), office=office
    )
    if request.method == "POST" and form.is_valid():
        work.add(form.save(commit=False), by=request.actor)
        messages.success(request, _("Piket disimpan."))
        return redirect("setup:roster")
    rows = list(office.duties.select_related("user", "counter", "service"))
    weekly = [row for row in rows if row.weekday is not None]
    days = [(label, [row for row in weekly if row.weekday == day]) for day, label in Weekday.choices]
    context = {
        "form": form, "days": [(label, found) for label, found in days if found],
        "dated": [row for row in rows if row.date and row.date >= office.today()],
        "alone": list(plan.without_anybody(office.hours.all(), weekly)),
    }  # fmt: skip
    return steps.page(request, "setup/roster.html", context, status=422 if form.errors else 200)


@access.supervisor
@require_POST
def duty_delete(request: Request, pk: int) -> HttpResponse:
    work.drop(get_object_or_404(request.office.duties, pk=pk), by=request.actor)
    messages.success(request, _("Piket dihapus."))
    return redirect("setup:roster")
