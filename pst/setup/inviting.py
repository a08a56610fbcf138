"""The invitation's mail. Its link is a secret, so it is written, sent, and kept nowhere (services/mail/direct.py)."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from services.accounts import staff
from services.accounts.models import Invitation, User
from services.audit.actors import Actor
from services.mail import direct, sending
from services.offices.models import Office
from services.workflow import IllegalMove

log = logging.getLogger(__name__)
KIND = "staff_invitation"


def address(secret: str) -> str:
    return settings.SITE + reverse("setup:invitation", args=[secret])


def context(invitation: Invitation, secret: str) -> dict[str, Any]:
    local = timezone.localtime(invitation.sent_at + Invitation.LIFETIME, invitation.office.zone)
    return {
        "name": invitation.name,
        "role": invitation.get_role_display(),
        "until": date_format(local, "j F Y"),
        "link": address(secret),
    }


@transaction.atomic
def invite(office: Office, *, email: str, name: str, role: str, by: Actor, again: int = 0) -> str:
    """Sends the mail, once where the same is asked twice in a moment; `again`: the invitation that is sent anew. Where an installation has no mail server at all: the link, to be handed over in person (only for an address
    nobody has an account with). Raises IllegalMove, also when the server takes no mail: then nobody was invited."""
    at = timezone.now()  # before one waits for the other of a double click
    said = {"email": email, "name": name, "role": role}
    if sending.can_send(office) and staff.invited_just_now(office, **said, at=at, besides=again):
        return ""
    invitation, secret = staff.invite(office=office, **said, by=by, at=at)
    if not sending.can_send(office):
        if User.objects.filter(email=invitation.email).exists():
            raise IllegalMove(_("Alamat ini sudah punya akun; undangannya hanya dapat dikirim lewat e-mail."))
        return address(secret)
    mail = direct.compose(
        KIND, to=invitation.email, office=office, language="id", context=context(invitation, secret)
    )
    try:
        mail.send()
    except OSError as problem:  # smtplib's are such; their text may hold the address
        log.warning("An invitation was not sent: %s", type(problem).__name__)
        raise IllegalMove(
            _("Server e-mail tidak menerima surat ini. Periksa alamatnya, atau coba lagi nanti.")
        ) from None
    return ""
