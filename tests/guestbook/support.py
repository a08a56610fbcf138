"""A guest book filled in as a visitor would."""

from __future__ import annotations

from services.audit.actors import Actor
from services.guestbook import workflows
from services.guestbook.forms import GuestBookForm
from services.guestbook.models import Visit

FILLED = {
    "consent": "yes", "name": "Sitti Aminah", "email": "sitti@example.test", "phone": "0812 3456 7890",
    "gender": "female", "birth_year": "1998", "education": "bachelor", "job": "student",
    "institution": "Universitas Halu Oleo", "institution_category": "education", "use_of_data": "education",
    "need_1_subject": "penduduk", "assistance": "", "party_size": "1",
}  # fmt: skip
DEVICE = Actor("device")


def arrive(office, at=None) -> Visit:
    return workflows.arrive(office=office, service=office.services.first(), by=DEVICE, at=at)


def form(visit: Visit, by_officer: bool = False, **changes) -> GuestBookForm:
    return GuestBookForm({**FILLED, **changes}, visit=visit, by_officer=by_officer)


def errors(visit: Visit, **changes) -> set[str]:
    """The names of the fields that are not accepted."""
    return set(form(visit, **changes).errors)
