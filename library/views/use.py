"""What a visitor did in the library, noted by the officer: only the uses this office's standard promises."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from library.models import Copy, LibraryUse, Publication
from library.search import engine
from library.workflows import reading
from library.workflows import use as workflows
from services.accounts import access
from services.accounts.http import Request
from services.codes import new_key
from services.guestbook.models import VisitService
from services.offices.models import Office
from services.offices.rules import Rules
from services.workflow import IllegalMove

Kind = LibraryUse.Kind
LONGEST = 200  # of a text that is in no catalogue


def kinds(rules: Rules) -> list[tuple[str, str]]:
    """Requirement rows 18, 19 and 31: a use is offered when the standard has it."""
    offered = [Kind.READ_PRINTED, Kind.READ_DIGITAL]
    if rules.scan_request:
        offered.insert(1, Kind.SCAN)
    return [(k.value, str(k.label)) for k in offered]


class UseForm(forms.Form):
    submission = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("Penggunaan"), widget=forms.RadioSelect, initial=Kind.READ_PRINTED
    )
    what = forms.CharField(
        label=gettext_lazy("Pustaka (boleh kosong)"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Pindai barcode, atau ketik judul atau nomor katalog."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off", "spellcheck": "false", "data-scanner": "", "role": "combobox",
                "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "suggestions",
            }
        ),
    )  # fmt: skip
    pages = forms.CharField(
        label=gettext_lazy("Halaman yang dipindai"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Hanya untuk pindaian, misalnya 12–15."),
    )

    def __init__(self, *args: Any, rules: Rules, office: Office, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.office = office
        self.fields["kind"].choices = kinds(rules)  # type: ignore[attr-defined]
        if not rules.scan_request:
            del self.fields["pages"]

    def clean_what(self) -> str:
        """A barcode of this office's or a title of the catalogue is linked; other text stays text."""
        typed = " ".join(self.cleaned_data["what"].split())
        self.copy, self.publication = find(self.office, typed)
        if not self.publication and len(typed) > LONGEST:
            raise forms.ValidationError(
                _("Judul ini tidak ada di katalog. Persingkat, paling banyak %d huruf.") % LONGEST
            )
        return typed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == Kind.SCAN and "pages" not in self.errors:
            if not data.get("pages"):
                self.add_error("pages", _("Tulis halaman yang dipindai."))
            elif not re.search("[0-9]", data["pages"]):
                self.add_error("pages", _("Tulis nomor halamannya, misalnya 12–15, 20."))
        return data


def find(office: Office, typed: str) -> tuple[Copy | None, Publication | None]:
    """The book with this barcode, or the publication with just this title."""
    if not typed:
        return None, None
    if copy := office.copies.select_related("publication").filter(barcode__iexact=typed).first():
        return copy, copy.publication
    same = [p for p in engine.suggest(typed) if p.title.casefold() == typed.casefold()]
    return None, same[0] if same else None


@access.staff
def use(request: Request, pk: int) -> HttpResponse:
    received = get_object_or_404(
        VisitService.objects.select_related("visit__office", "visit__visitor", "standard"),
        pk=pk,
        office=request.office,
        service__work_url_name=workflows.SCREEN,
    )
    rules = received.standard.rules if received.standard else Rules()
    form = UseForm(request.POST or None, rules=rules, office=request.office)
    if request.method == "POST" and form.is_valid():
        try:
            _note(request, received, form)
        except IllegalMove as problem:
            form.add_error("what", str(problem))
        else:
            return redirect("library:use", pk=pk)
    context = {
        "received": received,
        "visit": received.visit,
        "rules": rules,
        "form": form,
        "uses": received.library_uses.select_related("publication", "copy", "scan"),
        "title": _("Perpustakaan"),
    }
    return render(request, "library/use.html", context, status=422 if form.errors else 200)


def _note(request: Request, received: VisitService, form: UseForm) -> LibraryUse:
    data = form.cleaned_data
    key = data["submission"] or new_key()
    if data["kind"] == Kind.READ_PRINTED and form.copy:
        return reading.read_printed(received, form.copy, submission=key, by=request.actor)
    return workflows.note_use(
        received, kind=data["kind"], what=data["what"], pages=data.get("pages", ""), copy=form.copy,
        publication=form.publication, submission=key, by=request.actor,
    )  # fmt: skip
