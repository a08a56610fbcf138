"""At the tablet: somebody who was here before shows a personal code, or types one from their own mailbox."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from services.accounts import limits
from services.accounts.http import Request
from services.guestbook import contact, recognition
from services.guestbook.models import ContactCode, Visitor

AS_TYPED = {  # the tablet helps nobody to another word
    "autocomplete": "off",
    "autocapitalize": "none",
    "spellcheck": "false",
}


class PersonalCodeForm(forms.Form):
    """A scanner types it and presses Enter."""

    code = forms.CharField(
        label=gettext_lazy("Kode pribadi"),
        max_length=60,
        help_text=gettext_lazy(
            "Ketik 12 huruf dan angka di bawah kode QR Anda, atau pindai di alat pemindai (bukan di layar ini)."
        ),
        widget=forms.TextInput(attrs={**AS_TYPED, "autocapitalize": "characters", "data-scanner": True}),
    )


class MailForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail Anda"),
        max_length=254,
        widget=forms.EmailInput(attrs={**AS_TYPED, "inputmode": "email"}),
    )


class MailedCodeForm(forms.Form):
    batch = forms.CharField(max_length=32, widget=forms.HiddenInput)
    mailed = forms.CharField(
        label=gettext_lazy("Kode dari e-mail"),
        max_length=20,
        help_text=gettext_lazy("Enam angka. Belum masuk? Lihat juga folder spam."),
        widget=forms.TextInput(attrs={**AS_TYPED, "inputmode": "numeric", "data-autofocus": True}),
    )


def recognise(request: Request, book: str, back: str, **shown: Any) -> HttpResponse:
    """`book` names the guest book the tablet is at, `back` is its address; `shown`: more for the page. Says never
    whether somebody is known before they have shown that it is they."""
    action = request.POST.get("action", "") if request.method == "POST" else ""
    personal = PersonalCodeForm(request.POST if action == "personal" else None)
    mail = MailForm(request.POST if action == "mail" else None)
    mailed = MailedCodeForm(request.POST) if action == "mailed" else None
    if action == "personal" and personal.is_valid():
        if limits.reached(request, "personal code"):
            personal.add_error("code", limits.words())
        elif visitor := recognition.of_personal_code(request.office, personal.cleaned_data["code"]):
            return _known(request, visitor, book, back, how="personal code")
        else:
            limits.count(request, "personal code")
            personal.add_error(
                "code", _("Kode ini tidak kami kenal. Periksa hurufnya, atau isi seperti tamu baru.")
            )
    elif action == "mail" and settings.MAIL_IS_SENT and mail.is_valid():
        mailed = _send(request, mail)
    elif mailed and mailed.is_valid():
        visitor = contact.check(
            office=request.office, batch=mailed.cleaned_data["batch"], typed=mailed.cleaned_data["mailed"]
        )
        if visitor:
            return _known(request, visitor, book, back, how="mailed code")
        mailed.add_error(
            "mailed",
            _("Kode ini salah atau sudah terlalu lama. Periksa e-mail terakhir, atau minta kode baru."),
        )
    faults = any(form.errors for form in (personal, mail, mailed) if form)
    context = {
        "personal": personal, "mail": mail if settings.MAIL_IS_SENT else None, "mailed": mailed, "back": back,
        "seconds": int(contact.CODE_LASTS.total_seconds()), **shown,
    }  # fmt: skip
    return render(request, "queueing/kiosk_known.html", context, status=422 if faults else 200)


def _send(request: Request, mail: MailForm) -> MailedCodeForm | None:
    """The same answer for every address."""
    if limits.exceeded(request, "code at the tablet"):
        mail.add_error("email", limits.words())
        return None
    batch = contact.ask(
        office=request.office, email=mail.cleaned_data["email"], purpose=ContactCode.Purpose.TABLET,
        site=request.build_absolute_uri("/").rstrip("/"), by=request.actor, language=get_language() or "id",
    )  # fmt: skip
    return MailedCodeForm(initial={"batch": batch})


def _known(request: Request, visitor: Visitor, book: str, back: str, *, how: str) -> HttpResponse:
    recognition.remember(request.device, visitor, book, how=how, by=request.actor)
    return redirect(back)
