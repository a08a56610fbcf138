"""What a visitor did in the library, noted by the officer: only the uses this office's standard promises."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.models import LibraryUse
from library.workflows import use as workflows
from services.accounts import access
from services.accounts.http import Request
from services.codes import new_key
from services.guestbook.models import VisitService
from services.offices.rules import Rules

Kind = LibraryUse.Kind


def kinds(rules: Rules) -> list[tuple[str, str]]:
    """Requirement rows 18, 19 and 31: a use is offered when the standard has it."""
    offered = [Kind.READ_PRINTED, Kind.READ_DIGITAL]
    if rules.scan_request:
        offered.insert(1, Kind.SCAN)
    return [(k.value, str(k.label)) for k in offered]


class UseForm(forms.Form):
    submission = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Penggunaan"), widget=forms.RadioSelect)
    what = forms.CharField(
        label=gettext_lazy("Pustaka (boleh kosong)"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Misalnya judul atau nomor katalog."),
    )

    def __init__(self, *args, rules: Rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds(rules)  # type: ignore[attr-defined]


@access.staff
def use(request: Request, pk: int) -> HttpResponse:
    received = get_object_or_404(
        VisitService.objects.select_related("visit__office", "visit__visitor", "standard"),
        pk=pk,
        office=request.office,
        service__work_url_name="library:use",
    )
    rules = received.standard.rules if received.standard else Rules()
    form = UseForm(request.POST or None, rules=rules)
    if request.method == "POST" and form.is_valid():
        workflows.note_use(
            received,
            by=request.actor,
            **{**form.cleaned_data, "submission": form.cleaned_data["submission"] or new_key()},
        )
        return redirect("library:use", pk=pk)
    context = {
        "received": received,
        "visit": received.visit,
        "rules": rules,
        "form": form,
        "title": _("Perpustakaan"),
    }
    return render(request, "library/use.html", context, status=422 if form.errors else 200)
