"""What people complain about or suggest, what the office says and does, and the time it gives itself."""

from complaints.models.actions import Action
from complaints.models.flood import Arrival, Flood
from complaints.models.record import Channel, Complaint, ComplaintStep, Element, Identity, Kind, Privacy
from complaints.models.rules import ComplaintRules
from complaints.models.thread import Attachment, Message

__all__ = [
    "Action",
    "Arrival",
    "Attachment",
    "Channel",
    "Complaint",
    "ComplaintRules",
    "ComplaintStep",
    "Element",
    "Flood",
    "Identity",
    "Kind",
    "Message",
    "Privacy",
]
