"""A new draft: from the version in force, another office's standard, a text, or empty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from services.accounts import access
from services.accounts.http import Request
from services.offices.models import Office, Service, Standard
from services.offices.reader import MAX_BYTES, UnreadableStandard
from services.offices.standards import drafts

READABLE = (".txt", ".md", ".text", ".markdown")


class OfServices(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj)


class OfOffices(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.service.office.name}: {obj.service}"


class NewForm(forms.Form):
    """For which service, and from what."""

    FROM = (
        ("version", gettext_lazy("Standar yang berlaku sekarang")),
        ("office", gettext_lazy("Standar kantor lain")),
        ("text", gettext_lazy("Naskah: tempel atau unggah")),
        ("blank", gettext_lazy("Kosong")),
    )
    service = OfServices(
        label=gettext_lazy("Untuk layanan"), queryset=Service.objects.none(), empty_label=None
    )
    origin = forms.ChoiceField(label=gettext_lazy("Berawal dari"), choices=FROM, widget=forms.RadioSelect)
    other = OfOffices(
        label=gettext_lazy("Standar kantor lain"), queryset=Standard.objects.none(), required=False,
        help_text=gettext_lazy("Nama kantor itu diganti dengan nama kantor ini; telepon, alamat, jam, dan nama petugasnya dikosongkan untuk Anda isi. Aturannya perlu Anda konfirmasi."),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Naskah yang ditempel"), required=False, strip=False, max_length=MAX_BYTES,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Berkas naskah"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(READABLE)}),
        help_text=gettext_lazy("Teks biasa (.txt) atau Markdown (.md), paling besar 1 MB. Dari Word atau PDF: salin teksnya, lalu tempel di atas."),
    )  # fmt: skip

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = office.services.all()  # type: ignore[attr-defined]
        others = Standard.objects.light().filter(status=Standard.Status.PUBLISHED)
        others = others.exclude(service__office=office).select_related("service__office")
        self.fields["other"].queryset = others.order_by("service__office__code", "service__position")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        origin = given.get("origin")
        if origin == "office" and not given.get("other") and "other" not in self.errors:
            self.add_error("other", _("Pilih standar yang disalin."))
        if origin == "version" and given.get("service") and not given["service"].standard:
            self.add_error("origin", _("Layanan ini belum punya standar yang berlaku. Pilih awal yang lain."))
        if origin == "text":
            self._check_text(given)
        elif origin:
            self._check_left_out(given)
        return given

    def _check_left_out(self, given: dict[str, Any]) -> None:
        """What was pasted or chosen is not dropped in silence because another beginning is marked."""
        if given.get("text", "").strip() or given.get("file"):
            self.add_error(
                "origin",
                _("Ada naskah yang ditempel atau dipilih. Pilih “Naskah”, atau kosongkan naskahnya."),
            )
        elif given.get("other") and given["origin"] != "office":
            self.add_error(
                "origin",
                _(
                    "Ada standar kantor lain yang dipilih. Pilih “Standar kantor lain”, atau kosongkan pilihannya."
                ),
            )

    def _check_text(self, given: dict[str, Any]) -> None:
        file = given.get("file")
        if file is None:
            if not given.get("text", "").strip() and not self.errors:
                self.add_error("text", _("Tempel naskahnya di sini, atau pilih berkas."))
        elif not file.name.lower().endswith(READABLE):
            self.add_error(
                "file", _("Berkas ini bukan .txt atau .md. Salin teksnya, lalu tempel di kotak naskah.")
            )
        elif file.size > MAX_BYTES:
            self.add_error("file", _("Berkas ini lebih besar dari 1 MB."))


@access.supervisor
@never_cache
def new(request: Request) -> HttpResponse:
    start = {"origin": "version", "service": request.GET.get("layanan")}
    form = NewForm(request.POST or None, request.FILES or None, office=request.office, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            draft = _made(form.cleaned_data, request)
        except UnreadableStandard as problem:
            form.add_error("file" if form.cleaned_data["file"] else "text", str(problem))
        else:
            messages.success(
                request, _("Rancangan versi %s dibuat. Periksa, lalu ubah seperlunya.") % draft.version
            )
            return redirect("panel:standard", draft.pk)
    return render(request, "panel/standards/new.html", {"form": form}, status=422 if form.errors else 200)


def _made(given: dict[str, Any], request: Request) -> Standard:
    service, by = given["service"], request.actor
    if given["origin"] == "version":
        return drafts.from_version(service.standards.get(status=Standard.Status.PUBLISHED), by=by)
    if given["origin"] == "office":
        whole = Standard.objects.select_related("service__office").get(pk=given["other"].pk)
        return drafts.from_office(whole, service, by=by)
    if given["origin"] == "blank":
        return drafts.blank(service, by=by)
    file = given["file"]
    data = file.read() if file else given["text"]
    return drafts.from_text(
        data, service, source_name=file.name if file else _("naskah yang ditempel"), by=by
    )
