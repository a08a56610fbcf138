from services.guestbook.models.interruptions import Interruption
from services.guestbook.models.people import (
    ConsentWording,
    ContactCode,
    Recognition,
    ReferenceItem,
    Visitor,
    VisitorMerge,
)
from services.guestbook.models.visits import (
    Companion,
    Consent,
    DataNeed,
    GuestBookDraft,
    Visit,
    VisitQuerySet,
    VisitService,
    VisitServiceStep,
    VisitStep,
    new_token,
)

__all__ = [
    "Companion",
    "Consent",
    "ConsentWording",
    "ContactCode",
    "DataNeed",
    "GuestBookDraft",
    "Interruption",
    "Recognition",
    "ReferenceItem",
    "Visit",
    "VisitQuerySet",
    "VisitService",
    "VisitServiceStep",
    "VisitStep",
    "Visitor",
    "VisitorMerge",
    "new_token",
]
