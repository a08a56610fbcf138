"""The form of a visit from a paper guest book."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from queueing.entry_forms import WrittenForm
from services.guestbook.paper import Written
from services.offices.models import Office


class PaperForm(WrittenForm):
    """One line of the paper guest book: no number, so the service is chosen."""

    STILL = ("here", gettext_lazy("Masih di sini sekarang"))
    MAY_HAVE_BEGUN = True
    too_long_ago = gettext_lazy("Buku tamu kertas dicatat paling lambat %d hari sesudahnya.")

    service = forms.ChoiceField(label=gettext_lazy("Layanan"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, office: Office, **more: Any):
        super().__init__(*args, office=office, **more)
        self.services = {s.slug: s for s in office.services.filter(active=True).with_standard()}
        self.fields["service"].choices = [(slug, str(s)) for slug, s in self.services.items()]  # type: ignore[attr-defined]
        if len(self.services) == 1:
            self.initial.setdefault("service", next(iter(self.services)))
        if not self.is_bound:
            first = "arrived" if self.initial.get("service") in self.services else "service"
            self.fields[first].widget.attrs["data-autofocus"] = True

    @property
    def submission(self) -> str:
        return f"paper-{self.cleaned_data['key']}"

    def visit(self) -> Written:
        return Written(service=self.services[self.cleaned_data["service"]], **self.written())
