"""An office in the middle of its day, and everybody who might knock: what the access table is walked with."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from complaints import claims
from complaints.models import Flood
from complaints.workflows import lodging
from consultation.mail_in import receive
from consultation.models import CannedAnswer, IncomingWhatsApp, KnowledgeAnswer
from consultation.workflows import knowledge, opening, rating, thread
from library.digital import rights, serials
from library.models import (
    Copy,
    CopyLink,
    DigitalCopy,
    ExcerptRequest,
    Hold,
    LibraryUse,
    Loan,
    MarkedCopy,
    Publication,
    ScanRequest,
    Series,
)
from library.search import index
from library.workflows import handing, stock
from library.workflows import rating as things
from pst.panel.promises import published
from pst.privacy import workflows as privacy
from pst.reports.models import Issued, Schedule
from queueing import mailed
from queueing.models import Appointment, Printer, ServiceQueue
from queueing.workflows import counters, desk, slips
from queueing.workflows.issue import issue
from services import periods
from services.accounts import devices, staff
from services.accounts.models import Role
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.guestbook import contact, interruptions, merging
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording, ContactCode, ReferenceItem, Visit, Visitor, VisitService
from services.lockers import workflows as lockers
from services.mail.models import Outgoing
from services.offices.standards import drafts as standard_drafts
from services.offices.standards import states
from services.ratings import asking
from services.surveys import answering, skm
from services.surveys import workflows as surveys
from services.surveys.models import Instrument
from services.surveys.results import Selection
from services.whatsapp.models import Contact, OutgoingWhatsApp
from tests.account.support import make_account
from tests.conftest import demo_offices, new_device, new_user
from tests.mail.awkward import mail

BACKEND = "django.contrib.auth.backends.ModelBackend"
LOGIN, PAIR, TO_ACCOUNT, VERIFY = "to login", "to pairing", "to the account's door", "to verifying"
UNGUARDED = {"admin"}  # Django's admin site checks for itself; see test_admin_site_is_for_administrators


@dataclass
class World:
    """Objects of office 7411, by the words the table's addresses use."""

    keys: dict[str, Any]
    people: dict[str, Client]

    def __post_init__(self) -> None:
        self._cookies = {who: copy.deepcopy(client.cookies) for who, client in self.people.items()}

    def as_at_first(self) -> World:
        """Nobody has logged out since."""
        for who, client in self.people.items():
            client.cookies = copy.deepcopy(self._cookies[who])
        return self

    def fill(self, value: Any) -> Any:
        """ "<visit>" in an address or a form becomes the key of that object."""
        return self.keys.get(value.strip("<>"), value) if isinstance(value, str) else value


def views() -> dict[str, URLPattern]:
    """Every view of the site by its full URL name, admin excepted."""
    return dict(_walk(get_resolver(), ()))


def _walk(resolver: URLResolver, names: tuple[str, ...]):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace not in UNGUARDED:
                yield from _walk(entry, (*names, *([entry.namespace] if entry.namespace else [])))
        else:
            yield ":".join((*names, entry.name or str(entry.pattern))), entry


def outcome(response) -> int | str:
    """The status, with the two doors that a refused person is sent to by their names."""
    place = response.headers.get("Location", "")
    if response.status_code == 302 and place.startswith("/masuk/"):
        return LOGIN
    if response.status_code == 302 and place.startswith("/akun/masuk/"):
        return TO_ACCOUNT
    if response.status_code == 302 and place.startswith("/akun/pastikan-alamat/"):
        return VERIFY
    if response.status_code == 302 and place.startswith("/perangkat/?untuk="):
        return PAIR
    return response.status_code


def sign(visit: Visit, by: Actor, **person: Any) -> Visit:
    """A guest book filled in at the desk."""
    return visits.sign(
        visit=visit, person={"name": "Tamu Uji", **person}, answers={"party_size": 1}, consent=True,
        wording=ConsentWording.objects.first(), channel="desk", by=by,
    )  # fmt: skip


def own_link(visitor_id: int) -> str:
    """The secret of a link to this visitor's own data, as the mail would have it."""
    secret = f"link-{visitor_id}"
    ContactCode.objects.create(
        visitor_id=visitor_id,
        purpose="own_data",
        batch="world",
        secret_hash=contact._hashed(secret),
        at=timezone.now(),
    )
    return secret


def objects(office, by: Actor, make_device) -> dict[str, Any]:
    """One of each: a waiting ticket, a called one, a service being given, one given, deposits, a complaint."""
    library, consultation = (office.services.get(slug=s) for s in ("library", "consultation"))
    counter = office.counters.get(number=1)
    waiting, called, here, gone = (
        issue(office=office, service=s, submission=f"world-{n}", by=by)
        for n, s in enumerate((library, library, consultation, library))
    )
    for ticket in (gone, here, called):
        ticket.refresh_from_db()
        counters.open_counter(counter, by=by)
        assert desk.call_chosen(counter, ticket, by=by) == ticket
        if ticket == called:
            break
        sign(ticket.received.visit, by)
        desk.start(ticket.received, by=by)
        ticket.received.refresh_from_db()
        if ticket == gone:
            desk.end(ticket.received, by=by)
        else:
            lockers.deposit_card(
                visit=ticket.received.visit, card_type="ktp", locker=office.lockers.get(number=1), by=by
            )
            desk.finish_ticket(ticket, by=by, at=ticket.issued_at)
    Visitor.objects.create(office=office, name="Rina", email="rina@rumah.test")
    complaint, secret = lodging.lodge(office=office, text="Lama menunggu", channel="online", by=by)
    device, _secret = make_device(office, "kiosk")
    flood = Flood.objects.create(office=office, began_at=timezone.now(), last_at=timezone.now())
    return {
        "waiting": waiting.received.visit.pk,
        "waiting token": waiting.received.visit.token,
        "waiting service": waiting.received.pk,
        "waiting ticket": waiting.pk,
        "called ticket": called.pk,
        "called service": called.received.pk,
        "here": here.received.visit.pk,
        "here service": here.received.pk,
        "gone token": gone.received.visit.token,
        "gone service": gone.received.pk,
        **_left(gone.received.visit),
        "complaint": complaint.pk,
        "complaint number": complaint.number,
        "complaint file": complaint.attachments.create(name="foto.pdf", at=timezone.now()).pk,
        "complaint secret": secret,
        "complaint claim": claims.token(complaint),
        "complaint message": complaint.messages.create(
            who="office", channel="online", body="Kami periksa.", reach="hand", at=timezone.now()
        ).pk,
        "flood": flood.pk,
        "device": device.pk,
        "printer": Printer.objects.create(office=office, name="Printer pintu", host="127.0.0.1").pk,
        "request": privacy.receive(
            Visitor.objects.get(visits=here.received.visit), kind="correction", channel="desk", by=by
        ).pk,
        "own link": own_link(here.received.visit.visitor_id),
        "merge": merging.merge(
            Visitor.objects.create(office=office, name="Satu"),
            Visitor.objects.create(office=office, name="Dua"),
            by=by,
        ).pk,
        "interruption": _interruption(office, by),
        "locker": office.lockers.get(number=4).pk,
        "deposit": here.received.visit.deposits.get().pk,
        "incident": lockers.report_item(office=office, what="Payung", place="Ruang baca", by=by).pk,
        "announcement": office.announcements.create(text="Libur besok").pk,
        "standard": library.standard.pk,
        "standard draft": standard_drafts.from_version(library.standard, by=by).pk,
        "standard in review": states.ask_review(
            standard_drafts.from_version(library.standard, by=by), by=by
        ).pk,
        "publication": _publication(office),
        "copy": office.copies.get().pk,
        **_softcopy(office, gone.received),
        "import": office.imports.create(
            kind="table", state="ready", name="daftar.csv", counts={"faulty": 1}
        ).pk,
        "source": office.catalogue_sources.create(kind="webapi", address="7411").pk,
        "stock": stock.start(office, [], by=by).pk,
        **_books(office, here.received.visit, gone.received),
        "series": Series.objects.get(publications__copies__office=office).pk,
        **_asked_on_line(office, by),
        **_ahead(library, by),
        "failed mail": _failed_mail(office).pk,
        **_whatsapp(office),
        **_set_up(office, by),
        "setting change": _set(office, by),
        "mail aside": receive(office, mail(List_Id="<milis.example.test>")).pk,
        **_asked(office, by),
        **_surveyed(office, by),
        **_reported(office, by),
    }


def _left(visit: Visit) -> dict[str, Any]:
    """Somebody who went home, and the addresses in the mail that asks them for a rating."""
    end = timezone.now()
    left = Visit.objects.create(
        office=visit.office,
        day=visit.day,
        arrived_at=end - timedelta(hours=1),
        ended_at=end,
        end_reason="finished",
    )
    VisitService.objects.create(
        visit=left, office=visit.office, service=visit.main.service, state="done", ended_at=end
    )
    return {
        "mailed": mailed.SIGNER.sign(left.token),
        "mail stop": asking.STOP.sign(asking.hashes("rina@rumah.test")[0]),
    }


def _reported(office, by: Actor) -> dict[str, Any]:
    """A report that was handed in (its files are what they are: nothing is drawn), and one that goes out by itself."""
    period = periods.of_kind("m", office.today())
    issued = Issued(
        office=office, year=period.since.year, number=900, report="visits", title="Kunjungan", since=period.since, until=period.until,
        made_at=timezone.now(), made_by_id=by.user_id, sha256="0" * 64,
    )  # fmt: skip
    issued.pdf.save("report.pdf", ContentFile(b"%PDF-1.7"), save=False)
    issued.xlsx.save("report.xlsx", ContentFile(b"PK"), save=False)
    issued.save()
    return {"issued": issued.pk, "schedule": Schedule.objects.create(office=office, report="visits").pk}


def _set(office, by: Actor) -> int:
    """The office shows how it keeps its word; the line that says so."""
    published.save(office, period="month", by=by)
    return AuditEntry.objects.get(action="setting.public_promises", office=office).pk


def _surveyed(office, by: Actor) -> dict[str, Any]:
    """Six who answered, one of them on paper; the result everybody may see, and what the office does about it."""
    instrument, today = Instrument.objects.get(key="skm-2017"), office.today()
    scores = dict.fromkeys(skm.ELEMENTS, (3, None))
    for channel in ("tablet", "tablet", "phone", "phone", "online", "paper"):
        last = answering.answer(instrument, office=office, scores=scores, channel=channel, by=by)
    period = periods.of_kind("q", today)
    selection = Selection([office], "skm", period.since, period.until)
    plan = surveys.plan(
        office=office, since=period.since, until=period.until, element="U1", plan="Daftar syarat di pintu", owner_id=by.user_id,
        owner_name="Kasubbag", due_on=today, by=by,
    )  # fmt: skip
    return {
        "survey paper": last.pk,
        "follow up": plan.pk,
        "survey result": surveys.publish(office, selection, by=by).pk,
    }


def _asked_on_line(office, by: Actor) -> dict[str, Any]:
    """Asked on line, with a file; one answer for everybody being written, one published."""
    asked = opening.submit(office=office, channel="portal", subject="", question="PDRB 2024?", by=by)
    file = asked.attachments.create(
        message=asked.messages.get(), name="surat.pdf", state="ready", at=timezone.now()
    )
    known = knowledge.write_new(office, question="Apa itu PDRB?", answer="Nilai tambah bruto.", by=by)
    out = knowledge.write_new(office, question="Apa itu inflasi?", answer="Kenaikan harga.", by=by)
    KnowledgeAnswer.objects.filter(pk=out.pk).update(state="published", published_at=timezone.now())
    rated = opening.submit(office=office, channel="portal", subject="", question="Inflasi?", by=by)
    thread.answer(rated, "2,3 persen.", by=by, seen=rated.messages.get().pk)
    return {
        "rated token": rated.token,
        "rating address": rating.SIGNER.sign(rated.number),
        "asked": asked.pk, "asked token": asked.token, "asked number": asked.number, "asked file": file.pk,
        "asked message": asked.messages.get().pk,
        "knowledge draft": known.pk, "knowledge": out.pk,
    }  # fmt: skip


def _publication(office) -> int:
    series, _new = Series.objects.get_or_create(title="Kolaka Timur Dalam Angka")
    publication = Publication.objects.create(
        title="Kolaka Timur Dalam Angka 2024", year=2024, keeper=office, series=series
    )
    Copy.objects.create(office=office, publication=publication, barcode="741100001")
    index.write([publication])
    return publication.pk


def _softcopy(office, received: VisitService) -> dict[str, Any]:
    """One in use, whose file is not there; some of its pages in a visitor's hands, and a link to it in their mailbox."""
    publication = Publication.objects.create(
        title="Profil Kemiskinan 2024", keeper=office, has_digital=True, access="registered"
    )
    now, person = timezone.now(), Visitor.objects.get(visits__services=received)
    digital = DigitalCopy.objects.create(
        office=office, publication=publication, state="ready", pages=10, prepared="softcopy/prepared/none.pdf",
        file_name="profil.pdf", sha256="0" * 64, size=1, added_at=now,
    )  # fmt: skip
    copy = MarkedCopy.objects.create(
        serial=serials.new(office.code, office.today(now)), kind="excerpt", handed="desk", office=office,
        digital=digital, publication=publication, visitor=person, received=received, name=person.name, pages=[1],
        sha256="1" * 64, size=3, made_at=now, submission="world", file="softcopy/excerpt/none.pdf",
    )  # fmt: skip
    secret = f"{secrets.token_urlsafe(24)}{rights.mailbox_sign(person)}"
    link = CopyLink.objects.create(
        kind="download", office=office, digital=digital, visitor=person, received=received, issued_at=now,
        expires_at=now + handing.LASTS, secret_hash=handing._hashed(secret),
    )  # fmt: skip
    asked = ExcerptRequest.objects.create(
        office=office,
        received=received,
        digital=digital,
        pages=[1],
        handed="desk",
        submission="w",
        asked_at=now,
    )
    return {
        "asked pages": asked.pk, "copy link row": link.pk,
        "softcopy": digital.pk, "softcopy book": publication.pk, "excerpt": f"{copy.pk}", "serial": copy.serial, "copy link": secret,
        "rate download": things.address(copy).rstrip("/").rpartition("/")[2],
    }  # fmt: skip


def _books(office, visit: Visit, received: VisitService) -> dict[str, Any]:
    """A book lent, one damaged, a place in a line, a scan asked for: as in an office whose standard has all of it."""
    book = Publication.objects.create(title="Statistik Daerah", keeper=office)
    out, damaged = (
        Copy.objects.create(office=office, publication=book, barcode=f"74110000{n}", state=state)
        for n, state in ((2, "out"), (3, "damaged"))
    )
    now, borrower = timezone.now(), Visitor.objects.create(office=office, name="Rina", phone="+628111")
    use = LibraryUse.objects.create(office=office, received=received, kind="scan", submission="s", at=now)
    return {
        "loan": Loan.objects.create(
            office=office, copy=out, visitor=borrower, kind="loan", out_at=now, due_on=office.today(now)
        ).pk,
        "hold": Hold.objects.create(office=office, publication=book, visitor=visit.visitor, asked_at=now).pk,
        "scan": ScanRequest.objects.create(office=office, use=use, pages="1", asked_at=now).pk,
        "damaged copy": damaged.pk,
    }


def _interruption(office, by: Actor) -> int:
    """Somebody's mistake of an hour ago."""
    since = timezone.now() - timedelta(hours=1)
    return interruptions.record(
        office=office, kind="network", started_at=since, ended_at=since + timedelta(minutes=9), by=by
    ).pk


def _ahead(service, by: Actor) -> dict[str, Any]:
    """An appointment of today, made yesterday, and a printed block of slips: A900–A907."""
    ServiceQueue.objects.create(service=service, slot_people=2)
    now = timezone.now()
    appointment = Appointment.objects.create(
        office=service.office, service=service, starts_at=now, place=1, created_at=now - timedelta(days=1)
    )
    block = slips.print_block(service, count=8, seen=900, by=by)
    return {"appointment": appointment.pk, "appointment token": appointment.token, "block": block.pk}


def _set_up(office, by: Actor) -> dict[str, Any]:
    """What a supervisor has set up: a date, a local day, an invitation that waits, a duty; a colleague and a counter."""
    soon = office.today() + timedelta(days=5)
    invited, secret = staff.invite(
        office=office, email="undangan@example.test", name="Rina", role=Role.FRONTLINER, by=by
    )
    member = new_user(office).memberships.get()
    duty = office.duties.create(user=member.user, weekday=0, starts=time(8), ends=time(12))
    idle = office.services.create(slug="uji", name="Uji", kind="other", prefix="ZZ", active=False)
    return {
        "idle service": idle.slug,
        "special date": office.hours_exceptions.create(date=soon, reason="Rapat").pk,
        "local day": office.calendar_days.create(date=soon, kind="local", name="Hari jadi").pk,
        "invitation": invited.pk, "invitation secret": secret, "membership": member.pk, "duty": duty.pk,
        "free counter": office.counters.create(number=9).pk,
        "list answer": ReferenceItem.objects.filter(list="job", until=None).first().pk,
    }  # fmt: skip


def _failed_mail(office) -> Outgoing:
    return Outgoing.objects.create(
        office=office, kind="consultation_receipt", to="tamu@example.test", language="id", subject="Uji", text="Isi",
        message_id="gagal@bps.go.id", state=Outgoing.State.DEAD, problem="550", created_at=timezone.now(),
    )  # fmt: skip


def _whatsapp(office) -> dict[str, Any]:
    """A message that could not go out, and one that could not be placed."""
    now = timezone.now()
    contact = Contact.objects.create(office=office, phone="+6281299990000", touched_at=now)
    failed = OutgoingWhatsApp.objects.create(
        office=office,
        contact=contact,
        kind="answered",
        language="id",
        text="Isi",
        state="dead",
        created_at=now,
    )
    came = IncomingWhatsApp.objects.create(
        office=office,
        contact=contact,
        wamid="wamid.dunia",
        kind="text",
        written_at=now,
        stored_at=now,
        state="failed",
    )
    return {"failed whatsapp": failed.pk, "whatsapp aside": came.pk}


def _asked(office, by: Actor) -> dict[str, Any]:
    """A question on line, and a text the office often answers with."""
    asked = opening.submit(office=office, channel="portal", subject="PDRB", question="Berapa PDRB?", by=by)
    canned = CannedAnswer.objects.create(
        office=office, title="Terima kasih", body="Yth. {nama}", updated_at=timezone.now()
    )
    return {"consultation": asked.number, "consultation key": asked.pk, "canned answer": canned.pk}


@contextmanager
def shared_world(blocker) -> Iterator[World]:
    """The office and its people for all tests of a module, each of which takes back what it changed: building them
    takes longer than most questions asked of them. `blocker`: pytest-django's."""
    with blocker.unblock(), transaction.atomic():
        offices = demo_offices()
        by = Actor("officer", user_id=new_user(offices["7411"]).pk)
        world = World(objects(offices["7411"], by, new_device), people(offices, new_user, new_device))
        yield world
        transaction.set_rollback(True)


def people(offices, make_user, make_device) -> dict[str, Client]:
    """A browser for each kind of person and device."""
    own, other = offices["7411"], offices["6571"]

    def officer(office, role) -> Client:
        client = Client()
        client.force_login(make_user(office, role), backend=BACKEND)
        return client

    def device(office, purpose, revoked=False) -> Client:
        client = Client()
        thing, secret = make_device(office, purpose)
        client.cookies[devices.cookie_name(purpose)] = secret
        if revoked:
            devices.revoke(thing, by=Actor("system"))
        return client

    def account(name: str) -> Client:
        client = Client()
        client.force_login(make_account(f"{name.lower()}@rumah.test", name), backend=BACKEND)
        return client

    administrator = Client()
    administrator.force_login(make_user(is_staff=True, is_superuser=True), backend=BACKEND)
    return {
        "anonymous": Client(),
        "frontliner": officer(own, Role.FRONTLINER),
        "frontliner elsewhere": officer(other, Role.FRONTLINER),
        "supervisor": officer(own, Role.SUPERVISOR),
        "supervisor elsewhere": officer(other, Role.SUPERVISOR),
        "administrator": administrator,
        "kiosk": device(own, "kiosk"),
        "kiosk elsewhere": device(other, "kiosk"),
        "display": device(own, "display"),
        "reader": device(own, "reader"),
        "revoked kiosk": device(own, "kiosk", revoked=True),
        "visitor": account("Rina"),
        "stranger": account("Siti"),
    }
