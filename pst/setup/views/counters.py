"""The office's counters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from pst.setup import seen, steps
from queueing.models import Counter
from queueing.workflows import places
from services.accounts import access
from services.accounts.http import Request
from services.offices.settings import SomebodyElse
from services.workflow import IllegalMove

HERE = "setup:counters"


class CounterForm(seen.Seen, forms.ModelForm):
    seen = seen.hidden()

    class Meta:
        model = Counter
        fields = ["number", "name", "services", "active"]
        widgets = {"services": forms.CheckboxSelectMultiple}
        labels = {"services": gettext_lazy("Melayani"), "active": gettext_lazy("Dipakai")}
        help_texts = {
            "name": gettext_lazy("Misalnya: meja konsultasi."),
            "active": gettext_lazy("Loket yang tidak dipakai tidak ditawarkan kepada petugas."),
        }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = self.instance.office.services.filter(active=True)
        if self.instance.pk:
            rows = (rows | self.instance.services.all()).distinct()
        field: forms.ModelMultipleChoiceField = self.fields["services"]  # type: ignore[assignment]
        field.queryset, field.error_messages["required"] = rows, _("Pilih paling sedikit satu layanan.")


@access.supervisor
@never_cache
def counters(request: Request) -> HttpResponse:
    rows = request.office.counters.select_related("officer").prefetch_related("services")
    return steps.page(request, "setup/counters.html", {"rows": list(rows)})


@access.supervisor
@never_cache
def counter_new(request: Request) -> HttpResponse:
    """The next free number, for all services, unless said otherwise."""
    numbers = set(request.office.counters.values_list("number", flat=True))
    number = next(n for n in range(1, 1000) if n not in numbers)
    initial = {"number": number, "services": request.office.services.filter(active=True)}
    return _edit(request, Counter(office=request.office), initial)


@access.supervisor
@never_cache
def counter(request: Request, pk: int) -> HttpResponse:
    return _edit(
        request, get_object_or_404(request.office.counters.select_related("office", "officer"), pk=pk), {}
    )


def _edit(request: Request, row: Counter, initial: dict[str, Any]) -> HttpResponse:
    now = seen.stamp_of(row, places.FIELDS)
    form = CounterForm(
        request.POST if request.method == "POST" else None, instance=row, initial={**initial, "seen": now}
    )
    if request.method == "POST" and form.is_valid():
        try:
            places.save(
                form.save(commit=False), form.cleaned_data["services"], by=request.actor, seen=form.told()
            )
        except SomebodyElse as problem:
            form.clash(problem, now)
        except places.NumberTaken as problem:
            form.add_error("number", str(problem))
        except IllegalMove as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("%s disimpan.") % row)
            return steps.back(request, HERE)
    context = {"form": form, "row": row if row.pk else None}
    return steps.page(request, "setup/counter.html", context, status=422 if form.errors else 200)
