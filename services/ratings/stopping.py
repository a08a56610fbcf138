"""No more mails that ask for a rating: by the line at their end, or by one click in the mail program (RFC 8058).

Opening the address changes nothing, because mail servers open addresses too. The one click comes as a form without cookies, from
the person's mail server, so there is no token against forgery: whoever has the address may stop these mails, nothing else.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from services.accounts import access, limits
from services.accounts.http import Request
from services.ratings import asking


@access.public
@csrf_exempt
@never_cache
def stop(request: Request, key: str) -> HttpResponse:
    mailbox = asking.of_stop(key)
    if mailbox is None:
        if limits.exceeded(request, "rating link"):
            return render(request, "429.html", status=429)
        raise Http404
    if request.method == "POST":
        asking.stop(mailbox)
    return render(request, "ratings/stop.html", {"stopped": asking.is_stopped(mailbox)})
