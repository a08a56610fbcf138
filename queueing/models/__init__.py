from queueing.models.appointments import Appointment, AppointmentStep
from queueing.models.counter import Counter
from queueing.models.display import Announcement
from queueing.models.duty import Duty
from queueing.models.printing import Printer, PrinterGap, PrintJob, PrintStep
from queueing.models.rules import OfficeQueue, ServiceQueue
from queueing.models.slips import SlipBlock
from queueing.models.ticket import NumberSequence, Ticket, TicketStep, WithdrawnChoice
from queueing.models.undo import DeskAction

__all__ = [
    "Announcement",
    "Appointment",
    "AppointmentStep",
    "Counter",
    "DeskAction",
    "Duty",
    "NumberSequence",
    "OfficeQueue",
    "PrintJob",
    "PrintStep",
    "Printer",
    "PrinterGap",
    "ServiceQueue",
    "SlipBlock",
    "Ticket",
    "TicketStep",
    "WithdrawnChoice",
]
