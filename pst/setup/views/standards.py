"""The first standard of a service: pasted, uploaded or begun from another office's, looked at, then in force.

Changing one that is in force is the standards editor's.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from pst.setup import steps
from services.accounts import access
from services.accounts.http import Request
from services.offices import loading
from services.offices.models import Office, Service, Standard, StandardItem
from services.offices.reader import MAX_BYTES, ParsedStandard, UnreadableStandard, derive_rules, read_standard
from services.offices.rule_names import RULE_NAMES, show_value
from services.offices.standards import theirs
from services.workflow import IllegalMove

MOST_OFFERED = 300
SHOWN_RULES = (
    "queue",
    "steps",
    "clock_onsite",
    "clock_online",
    "locker",
    "identity_card",
    "complaint_channels",
)


class TextForm(forms.Form):
    """The text counts; a file is read into it."""

    text = forms.CharField(
        label=gettext_lazy("Teks standar pelayanan"), required=False, widget=forms.Textarea(attrs={"rows": 18}),
        help_text=gettext_lazy("Salin seluruh teks yang diterbitkan, dengan judul bagiannya."),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("atau berkas teks (.txt)"), required=False,
        widget=forms.FileInput(attrs={"accept": ".txt,text/plain"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        upload = said.get("file")
        data: bytes | str = upload.read(MAX_BYTES + 1) if upload else said.get("text", "")
        if not data.strip():
            self.add_error("text", _("Tempel teks standarnya, atau pilih berkas."))
            return said
        try:
            self.parsed: ParsedStandard = read_standard(data, source_name=upload.name if upload else "")
        except UnreadableStandard as problem:
            self.add_error("file" if upload else "text", str(problem))
        return said

    def left_blank(self) -> bool:
        """Whether something of another office's is still to be filled in; said at the field."""
        if left := theirs.blanks(self.parsed.source):
            self.add_error("text", _("Lengkapi dahulu: %s.") % ", ".join(sorted(set(left))))
        return bool(left)


def _copied(model: Standard | None, office: Office) -> str:
    """Another office's text, without what is its own."""
    return theirs.Ours(model.service.office, office).whole(model.source_text) if model else ""


@access.supervisor
@never_cache
def standard(request: Request, slug: str) -> HttpResponse:
    """`dari`: begin with the text of another office's standard. POST shows what was understood; with `do=save` it is in force."""
    service = get_object_or_404(Service.objects.select_related("office"), office=request.office, slug=slug)
    if service.standard:
        messages.info(
            request, _("Standar %s sudah berlaku; perubahannya di ruang Standar pelayanan.") % service
        )
        return steps.back(request, "panel:standard", service.standard.pk)
    model = _model(request)
    form = TextForm(
        request.POST if request.method == "POST" else None, request.FILES or None,
        initial={"text": _copied(model, request.office)},
    )  # fmt: skip
    context: dict[str, Any] = {"form": form, "service": service, "model": model, "models": _models(service)}
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "save" and not form.left_blank():
            return _in_force(request, service, form)
        context |= _understood(form.parsed)
        if not form.errors:
            context["form"] = form = TextForm(initial={"text": form.parsed.source})
    return steps.page(request, "setup/standard.html", context, status=422 if form.errors else 200)


def _in_force(request: Request, service: Service, form: TextForm) -> HttpResponse:
    try:
        loading.load_first(
            form.parsed.source, service, source_name=_("naskah yang ditempel"), by=request.actor
        )
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        messages.success(
            request,
            _("Standar %s berlaku. Baca aturannya dan konfirmasi di ruang Standar pelayanan.") % service,
        )
    return steps.back(request, "setup:services")


def _models(service: Service) -> list[Standard]:
    """Published by other offices for a service of this kind; its own kind first."""
    rows = (
        Standard.objects.in_force().exclude(service__office=service.office).select_related("service__office")
    )
    found = list(rows.filter(service__active=True).order_by("service__office__name")[:MOST_OFFERED])
    return sorted(found, key=lambda row: row.service.kind != service.kind)


def _model(request: Request) -> Standard | None:
    said = request.GET.get("dari", "")
    if not said:
        return None
    if not said.isascii() or not said.isdecimal():
        raise Http404
    rows = Standard.objects.filter(status=Standard.Status.PUBLISHED).select_related("service__office")
    return get_object_or_404(rows, pk=int(said[:18]))


def _understood(parsed: ParsedStandard) -> dict[str, Any]:
    names = dict(StandardItem.Section.choices)
    tally = {code: sum(item.section == code for item in parsed.items) for code in names}
    rules = {rule.key: rule for rule in derive_rules(parsed)}
    return {
        "parsed": parsed,
        "tally": [(names[code], n) for code, n in tally.items()],
        "rules": [
            (RULE_NAMES[key], show_value(key, rules[key].value)) for key in SHOWN_RULES if key in rules
        ],
    }
