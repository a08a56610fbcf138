"""Where Meta brings WhatsApp messages and their statuses: kept at once, understood by the worker."""

from __future__ import annotations

import logging

from django.db import transaction
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from consultation.whatsapp_in import keeping
from services import channels
from services.accounts import access, limits
from services.accounts.http import Request
from services.audit import trail
from services.audit.actors import SYSTEM
from services.offices.models import Office
from services.whatsapp import reading, signature, statuses
from services.whatsapp.reading import Came, NotReadable, Told

log = logging.getLogger(__name__)
MOST_BYTES = 3_000_000  # of Meta's own calls
LONGEST_CHALLENGE = 200
WRONG = "whatsapp signature"


# No form of ours posts here and no cookie counts: Meta cannot know a token of this site, and signs the body instead.
@access.public
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def whatsapp_hook(request: Request, code: str) -> HttpResponse:
    """The office in the address says only whose secret is to be tried; whose message it is says the number in the body."""
    number = channels.whatsapp(request.office)
    if number is None:
        raise Http404
    if request.method == "GET":
        return _verified(request, number)
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _plain("too large", 413)
    if not signature.is_true(body, number.app_secret, request.headers.get(signature.HEADER, "")):
        return _refused(request)
    try:
        came = reading.read(body)
    except NotReadable:  # truly Meta's, and of a kind we do not know: asking again would change nothing
        log.warning("WhatsApp webhook of office %s: not readable", code)
        return _plain("ignored")
    _keep(came, number)
    return _plain("ok")


def _verified(request: Request, number: channels.WhatsApp) -> HttpResponse:
    """Meta asks once, when the address is typed in there, whether we know the word of our own choice."""
    asked = request.GET
    challenge = asked.get("hub.challenge", "")
    known = signature.same(asked.get("hub.verify_token", ""), number.verify_token)
    if asked.get("hub.mode") != "subscribe" or not known:
        return _refused(request)
    if len(challenge) > LONGEST_CHALLENGE or not (challenge.isascii() and challenge.isalnum()):
        return _plain("challenge", 400)
    return _plain(challenge)


def _refused(request: Request) -> HttpResponse:
    """Counted by network, so that somebody who tries on and on fills neither the trail nor the log."""
    if not limits.exceeded(request, WRONG):
        trail.record("whatsapp.wrong_signature", None, by=SYSTEM, office_id=request.office.pk)
        log.warning("WhatsApp webhook of office %s: wrong signature or word", request.office.code)
    return _plain("refused", 403)


def _keep(came: list[Came | Told], called: channels.WhatsApp) -> None:
    """Each by itself: one that is here already keeps back no other."""
    offices: dict[str, Office | None] = {}
    for one in came:
        if one.phone_number_id not in offices:
            offices[one.phone_number_id] = _office(one.phone_number_id, called)
        office = offices[one.phone_number_id]
        if office is None:
            continue
        with transaction.atomic():
            if isinstance(one, Came):
                keeping.keep(office, one)
            else:
                statuses.keep(office, one)


def _office(phone_number_id: str, called: channels.WhatsApp) -> Office | None:
    """Whose number it is. With the secret of one app nobody brings messages for a number of another."""
    for number in channels.configured().whatsapps.values():
        if number.phone_number_id == phone_number_id:
            if not signature.same(number.app_secret, called.app_secret):
                break
            return Office.objects.filter(code=number.office).first()
    log.warning("WhatsApp webhook of office %s: unknown number", called.office)
    return None


def _plain(words: str, status: int = 200) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
