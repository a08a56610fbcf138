from services.guestbook.models.interruptions import Interruption
from services.guestbook.models.people import ConsentWording, ReferenceItem, Visitor, VisitorMerge
from services.guestbook.models.visits import (
    Companion,
    Consent,
    DataNeed,
    GuestBookDraft,
    Visit,
    VisitService,
    VisitServiceStep,
    VisitStep,
    new_token,
)

__all__ = [
    "Companion",
    "Consent",
    "ConsentWording",
    "DataNeed",
    "GuestBookDraft",
    "Interruption",
    "ReferenceItem",
    "Visit",
    "VisitService",
    "VisitServiceStep",
    "VisitStep",
    "Visitor",
    "VisitorMerge",
    "new_token",
]
