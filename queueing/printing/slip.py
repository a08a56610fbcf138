"""What stands on a ticket's slip, said once; the page, the PDF and the printer's bytes only lay it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from queueing import selectors
from queueing.models import Printer, PrintJob, Ticket
from services.offices.models import Office, Service

# People before are counted when the slip is made; later than this after the issue it would no longer be what it says.
BEFORE_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True)
class Slip:
    """Every text in the visitor's language; an empty one is left out. `address` goes into the QR code."""

    language: str
    office: str
    title: str
    number: str
    service: str
    when: str
    address: str
    help: str
    before: str = ""
    priority: str = ""
    copy: str = ""


def slip_of(ticket: Ticket, *, site: str, copy: bool = False, now: datetime | None = None) -> Slip:
    """The slip of a number. `site`: scheme and host of the visitor's page. Times are the office's."""
    visit = ticket.received.visit
    with override(visit.language):
        return Slip(
            language=visit.language,
            office=ticket.office.name,
            title=_("Nomor antrian Anda"),
            number=ticket.label,
            service=str(ticket.service),
            when=_when(ticket.issued_at, ticket.office),
            address=site + reverse("queueing:visit", args=[visit.token]),
            help=_("Tunggu sampai nomor Anda dipanggil. Pindai kode untuk melihat giliran di ponsel."),
            before="" if copy else _before(ticket, now or timezone.now()),
            priority=_("Prioritas") if ticket.priority else "",
            copy=_("Slip ulang") if copy else "",
        )


def _before(ticket: Ticket, now: datetime) -> str:
    if ticket.state != Ticket.State.WAITING or now - ticket.issued_at > BEFORE_WITHIN:
        return ""
    if slot := ticket.slot_ahead(now):
        return _("Anda dipanggil sekitar pukul %s") % time_format(
            ticket.office.local(slot).time(), "TIME_FORMAT"
        )
    count = selectors.people_before(ticket, now)
    if not count:
        return _("Anda berikutnya")
    return ngettext("%(n)s orang sebelum Anda", "%(n)s orang sebelum Anda", count) % {"n": count}


def _when(at: datetime, office: Office) -> str:
    local = office.local(at)
    day, clock = date_format(local, "j F Y"), time_format(local.time(), "TIME_FORMAT")
    return f"{day}, {clock} {office.zone_name}"


def trial_slip(printer: Printer, *, site: str, now: datetime | None = None) -> Slip:
    """Goes the way of every slip, and shows whether number, text and code come out legible."""
    service = printer.office.services.filter(active=True).first()
    return sample_slip(printer.office, service, site=site, on=printer.name, now=now)


def sample_slip(
    office: Office, service: Service | None, *, site: str, on: str = "", now: datetime | None = None
) -> Slip:
    """As a visitor's of this service would be, but nobody's: no number is used up, and it says that it is a test. `on`: the
    printer's name."""
    with override("id"):
        return Slip(
            language="id",
            office=office.name,
            title=_("Cetak percobaan"),
            number=f"{service.prefix if service else 'A'}000",
            service=" · ".join(filter(None, (str(service or ""), on))),
            when=_when(now or timezone.now(), office),
            address=site + (office.get_absolute_url() if service else "/"),
            help=_("Jika tulisan dan kode ini terbaca, printer siap dipakai."),
            copy=_("Bukan nomor antrian"),
        )


def slip_for(job: PrintJob, now: datetime | None = None) -> Slip:
    if job.ticket is None:
        return trial_slip(job.printer, site=job.site, now=now)
    return slip_of(job.ticket, site=job.site, copy=job.copy, now=now)
