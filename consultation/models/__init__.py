"""Statistical consultation: a question from any channel, its thread, its clocks, and what is learned from it.

Source: requirement rows 22, 27, 32, 33, 39 and domain.md §4. Shape and reasons: docs/decisions/029-consultations.md.
"""

from consultation.models.answers import CannedAnswer, KnowledgeAnswer, KnowledgeStep, Suggested
from consultation.models.asking import Agreement, Classification
from consultation.models.clocks import CalendarSeen, ClockChange, Pause, Round
from consultation.models.handover import HandOver
from consultation.models.incoming import IncomingMail
from consultation.models.record import (
    Channel,
    Consultation,
    ConsultationCounter,
    ConsultationStep,
    DataWanted,
)
from consultation.models.thread import Attachment, Message, Presence
from consultation.models.whatsapp import IncomingWhatsApp

__all__ = [
    "Agreement",
    "Attachment",
    "CalendarSeen",
    "CannedAnswer",
    "Channel",
    "Classification",
    "ClockChange",
    "Consultation",
    "ConsultationCounter",
    "ConsultationStep",
    "DataWanted",
    "HandOver",
    "IncomingMail",
    "IncomingWhatsApp",
    "KnowledgeAnswer",
    "KnowledgeStep",
    "Message",
    "Pause",
    "Presence",
    "Round",
    "Suggested",
]
