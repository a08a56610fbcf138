"""The request as our views see it, after AccessMiddleware."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from services.accounts.models import Device, Membership, User
    from services.audit.actors import Actor
    from services.offices.models import Office


class Request(HttpRequest):
    """Only a name for type checkers: the middleware sets these on Django's own request.

    `office` is the active one; a public view without an office code in its address has none and must not
    use it. `user` is typed for views that demand a log-in.
    """

    office: Office
    actor: Actor
    device: Device
    role: str | None
    memberships: list[Membership]
    htmx: HtmxDetails
    user: User
