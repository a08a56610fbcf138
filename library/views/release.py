"""The desk's form of who may read a publication and from when on, on the publication's page and on its softcopy's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext as _

from library.digital_forms import AccessForm
from library.models import AccessChange, Publication
from library.workflows import catalogue, release
from services.accounts.http import Request
from services.offices.models import Office
from services.workflow import IllegalMove

SHOWN = 20


def save(request: Request, publication: Publication) -> AccessForm | None:
    """Store what the form says. Returns it where it has to be shown again: something is wrong, or the officer has to be
    sure first."""
    if not catalogue.may_change(publication, request.user, request.office):
        raise Http404
    form = AccessForm(request.POST, publication=publication, office=request.office)
    if not form.is_valid():
        return form
    given = form.cleaned_data
    if release.loosens(publication, given["access"], given["until"]) and not _sure(
        request, form, publication
    ):
        return form
    try:
        release.set_access(
            publication, access=given["access"], embargo_until=given["until"], office=request.office,
            by=request.actor, why=given["why"],
        )  # fmt: skip
    except IllegalMove as problem:  # somebody shut it more in this moment
        form.add_error(None, str(problem))
        return form
    messages.success(request, _("Akses disimpan."))
    return None


def _sure(request: Request, form: AccessForm, publication: Publication) -> bool:
    office, given = request.office, form.cleaned_data
    if not release.may_loosen(request.actor, office):
        form.add_error(None, str(release.SUPERVISORS_ONLY))
        return False
    form.asks = (
        release.said(publication.access, publication.embargo_until, office),
        release.said(given["access"], given["until"], office),
    )
    if "sure" not in request.POST:
        return False
    if len(given["why"].strip()) < release.SHORTEST_REASON:
        form.add_error("why", str(release.NO_REASON))
        return False
    return True


def trace(publication: Publication, office: Office) -> list[dict[str, Any]]:
    """The latest first: when, who, from what to what, why."""
    rows = AccessChange.objects.filter(publication=publication).select_related("by_user")[:SHOWN]
    return [
        {
            "at": row.at,
            "by": row.by_user,
            "was": release.said(row.was_access, row.was_until, office),
            "now": release.said(row.access, row.until, office),
            "why": row.why,
        }
        for row in rows
    ]
