from services.offices.models.calendar import CalendarDay, HoursException, ServiceHours
from services.offices.models.office import Office, Service
from services.offices.models.standard import Standard, StandardItem, StandardRule, StandardStep

__all__ = [
    "CalendarDay",
    "HoursException",
    "Office",
    "Service",
    "ServiceHours",
    "Standard",
    "StandardItem",
    "StandardRule",
    "StandardStep",
]
