"""A message of a consultation that is really a complaint: an officer hands it over, words, writer and files.

The two apps do not know each other (docs/decisions/029), so the page stands here. Who handed it over sees nothing of it
afterwards, as anybody else (decision 038); the message stays in the consultation, whose officers have read it already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.base import File
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from complaints import files as keeping
from complaints import reaching, visibility
from complaints.desk_forms import members
from complaints.models import Channel, Complaint, Kind, Privacy
from complaints.views.entry import PRIVACIES
from complaints.views.public import receipt
from complaints.workflows import lodging
from consultation.models import Attachment, Consultation, Message
from consultation.views.desk_common import find, page_of, person_of
from services.accounts import access
from services.accounts.http import Request
from services.accounts.models import User
from services.audit import trail
from services.audit.actors import Actor
from services.codes import new_key
from services.offices.models import Office

CHANNELS = {
    "portal": Channel.PORTAL, "email": Channel.EMAIL, "whatsapp": Channel.WHATSAPP, "phone": Channel.CALL, "onsite": Channel.DESK,
}  # fmt: skip
LONGEST = 5_000


class FromMessageForm(forms.Form):
    """The words of the message, as they stand or shortened; what it is, about whom, and how it is kept."""

    key = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Isi pengaduan"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Seperti ditulis pengguna; hapus bagian yang bukan pengaduan."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=gettext_lazy("Jenis"), choices=Kind.choices, initial=Kind.SERVICE.value)
    about = forms.MultipleChoiceField(
        label=gettext_lazy("Tentang petugas"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Yang disebut tidak melihat apa pun dari pengaduan ini, juga bila ia penyelia."),
    )  # fmt: skip
    privacy = forms.ChoiceField(
        label=gettext_lazy("Kerahasiaan"),
        choices=PRIVACIES,
        initial=Privacy.OPEN.value,
        widget=forms.RadioSelect(attrs={"data-privacy": ""}),
    )

    def __init__(self, *args: Any, office: Office, **more: Any):
        super().__init__(*args, **more)
        self.officers = {str(u.pk): u for u in members(office)}
        self.fields["about"].choices = [(k, str(u)) for k, u in self.officers.items()]  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        about = [self.officers[key] for key in data["about"]]
        return {name: data[name] for name in ("key", "text", "kind", "privacy")} | {"about": about}


@dataclass(frozen=True)
class HandedOver:
    """`secret`: of one that is new."""

    complaint: Complaint
    secret: str = ""


def writer(message: Message) -> dict[str, str]:
    """Who wrote it, by what is known of the message itself before what stands on the person's record."""
    consultation = message.consultation
    person = person_of(consultation)
    found = {
        "name": person.name if person else "",
        "email": person.email if person else "",
        "phone": person.phone if person else "",
    }
    if mail := message.incoming_mail.first():
        found |= {"email": mail.sender, "name": found["name"] or mail.sender_name}
    if came := message.incoming_whatsapp.select_related("contact").first():
        found |= {"phone": came.contact.phone, "name": found["name"] or came.contact.phone_name}
    elif message.channel == "whatsapp" and message.address:
        found["phone"] = message.address
    return found


@transaction.atomic
def hand_over(
    message: Message, *, text: str, kind: str, privacy: str, about: list[User], key: str, by: Actor, at: datetime | None = None
) -> HandedOver:  # fmt: skip
    """The complaint. Its times run from when the message came. The same message again is the same complaint.

    Without a name nothing of the consultation goes along: not its number, its files (they would be recognised) or the minute it came, and the
    consultation says nothing of it either.
    """
    consultation, at = message.consultation, at or timezone.now()
    facts: dict[str, Any] = {"text": text, "kind": kind, "privacy": privacy, "about": about}
    facts["channel"] = CHANNELS[message.channel]
    facts["language"] = consultation.language
    if privacy == Privacy.ANONYMOUS:
        office = consultation.office
        day = datetime.combine(office.today(message.at), time.min, tzinfo=office.zone)
        facts["channel"] = Channel.ONLINE if message.channel == "portal" else facts["channel"]
        return HandedOver(*lodging.lodge(office=office, key=key, at=day, by=by, **facts))
    once = f"message {message.pk}"
    if known := lodging.known(consultation.office, once):
        return HandedOver(known)
    complaint, secret = lodging.lodge(
        office=consultation.office, once=once, at=message.at, by=by, person=writer(message), account=consultation.account,
        visitor=person_of(consultation), received=consultation.received, consultation=consultation.number,
        service=consultation.service, **facts,
    )  # fmt: skip
    _files(message, complaint, by=by, at=at)
    trail.record("consultation.complaint", consultation, by=by, office_id=consultation.office_id, at=at)
    return HandedOver(complaint, secret)


def _files(message: Message, complaint: Complaint, *, by: Actor, at: datetime) -> None:
    """Copies of those that are there; one that may not be kept here is noted as refused."""
    ready = message.attachments.filter(state=Attachment.State.READY).exclude(file="")
    opened = [(file.name, File(file.file.open("rb"), name=file.name)) for file in ready]
    try:
        keeping.SHELF.take_what_came(opened, by=by, at=at, complaint=complaint, message=None)
    finally:
        for _name, file in opened:
            file.close()


@access.staff
@never_cache
def from_message(request: Request, number: str, pk: int) -> HttpResponse:
    """The form with the message's words; sent: back to the consultation, or, where nothing goes out by itself, number and
    secret to be handed over, told this once."""
    consultation = find(request, number)
    message = get_object_or_404(consultation.messages, pk=pk, kind=Message.Kind.VISITOR)
    message.consultation = consultation
    initial = {"text": message.body[:LONGEST], "key": new_key()}
    form = FromMessageForm(request.POST or None, office=request.office, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _done(request, message, form)
    trail.record_read(consultation, by=request.actor, office_id=request.office.pk)
    context = {
        "form": form, "consultation": consultation, "message": message, "writer": writer(message),
        "files": list(message.attachments.filter(state=Attachment.State.READY).exclude(file="")),
        "known": list(_known(request, consultation)),
    }  # fmt: skip
    return render(request, "complaints/from_message.html", context, status=422 if form.errors else 200)


def _known(request: Request, consultation: Consultation) -> Any:
    """What was handed over from this consultation, of what this person may see."""
    rows = visibility.visible(request.user, request.office, request.role or "")
    return rows.filter(consultation=consultation.number).only("number").order_by("pk")


def _done(request: Request, message: Message, form: FromMessageForm) -> HttpResponse:
    """Whoever it is about is told what they are told whose complaint goes its way by itself: never the secret."""
    done = hand_over(message, by=request.actor, **form.facts())
    complaint = done.complaint
    by_hand = done.secret and _by(complaint) == "hand"
    if by_hand and not complaint.about.filter(pk=request.user.pk).exists():
        rows = visibility.visible(request.user, request.office, request.role or "")
        context = {
            "complaint": complaint,
            "secret": done.secret,
            "sees": rows.filter(pk=complaint.pk).exists(),
        }
        return render(request, "complaints/entered.html", context | receipt(request, complaint))
    told = {
        "email": _("Pelapor mendapat nomornya lewat e-mail."),
        "whatsapp": _("Pelapor mendapat nomornya lewat WhatsApp."),
        "account": _("Pelapor melihatnya di akunnya."),
    }.get(_by(complaint) if done.secret else "", "")
    words = _("Diserahkan sebagai pengaduan. Penyelia dan yang ditugaskan menanganinya.")
    messages.success(request, f"{words} {told}".strip())
    return redirect(page_of(message.consultation))


def _by(complaint: Complaint) -> str:
    """How the complainant gets their number."""
    how = reaching.way(complaint).how
    if how in ("email", "whatsapp"):
        return how
    identity = None if complaint.privacy == Privacy.ANONYMOUS else reaching.identity_of(complaint)
    return "account" if identity and identity.account_id else "hand"
