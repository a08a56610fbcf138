"""The plan for the lowest elements: what is done, by whom, until when, and the proof."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from services.accounts import access
from services.accounts.http import Request
from services.accounts.models import User
from services.days import DayField
from services.responses import changed
from services.surveys import asked, figures, workflows
from services.surveys.asked import Wanted
from services.surveys.figures import name_of
from services.surveys.models import FollowUp
from services.surveys.questions import read
from services.surveys.results import newest
from services.surveys.skm import ELEMENTS
from services.surveys.views.panel import plans_of
from services.workflow import IllegalMove


class PlanForm(forms.Form):
    element = forms.ChoiceField(label=gettext_lazy("Unsur"))
    plan = forms.CharField(
        label=gettext_lazy("Rencana tindak lanjut"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Petugas"), queryset=User.objects.none(), required=False, empty_label="–"
    )
    owner_name = forms.CharField(
        label=gettext_lazy("Penanggung jawab"),
        max_length=120,
        help_text=gettext_lazy("Jabatan atau nama, seperti akan tertulis pada laporan dan halaman publik."),
    )
    due_on = DayField(
        label=gettext_lazy("Tenggat"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, wanted: Wanted, request: Request, **more):
        super().__init__(*args, **more)
        self.fields["element"].choices = _elements(wanted)  # type: ignore[attr-defined]
        users = User.objects.filter(memberships__office=request.office, is_active=True)
        self.fields["owner"].queryset = users.order_by("name").distinct()  # type: ignore[attr-defined]


def _elements(wanted: Wanted) -> list[tuple[str, str]]:
    if wanted.is_skm:
        return [(code, f"{code} {name_of(code)}") for code in ELEMENTS]
    last = newest(wanted.selection)
    questions = read(last.content).questions if last else ()
    return [(q.code, f"{q.code} {q.text}") for q in questions]


@access.supervisor
@never_cache
def plans(request: Request) -> HttpResponse:
    """The plans of a period, and a new one for the lowest element."""
    wanted = asked.read(request.GET, request.office)
    here = f"{reverse('surveys:plans')}?{wanted.query}"
    lowest = figures.of(wanted.selection)["lowest"] if request.method == "GET" else []
    form = PlanForm(
        request.POST or None, wanted=wanted, request=request, initial={"element": lowest[0] if lowest else ""}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        workflows.plan(
            office=request.office, since=wanted.period.since, until=wanted.period.until, element=said["element"],
            plan=said["plan"], owner_id=said["owner"].pk if said["owner"] else None, owner_name=said["owner_name"],
            due_on=said["due_on"], by=request.actor,
        )  # fmt: skip
        return changed(request, here, _("Rencana tindak lanjut disimpan."))
    found = plans_of(request.office, wanted.period.since, wanted.period.until, wanted.selection.kind)
    rows = [(row, name_of(row.element)) for row in found]
    context = {
        "wanted": wanted, "form": form, "plans": rows,
        "today": request.office.today(),
    }  # fmt: skip
    return render(request, "surveys/plans.html", context, status=422 if form.errors else 200)


@access.supervisor
@require_POST
def plan_act(request: Request, pk: int) -> HttpResponse:
    """`do`: done (with `proof`), or drop."""
    row = get_object_or_404(FollowUp, pk=pk, office=request.office)
    back = f"{reverse('surveys:plans')}?{asked.read(request.POST, request.office).query}"
    try:
        if request.POST.get("do") == "drop":
            workflows.drop_plan(row, by=request.actor)
            return changed(request, back, _("Rencana dihapus."))
        workflows.follow_up_done(row, proof=request.POST.get("proof", "")[:500], by=request.actor)
    except IllegalMove as problem:
        return changed(request, back, str(problem), level="error")
    return changed(request, back, _("Tindak lanjut selesai."))
