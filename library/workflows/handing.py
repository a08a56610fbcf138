"""Softcopies that leave the house by a link in the mail: to read, to download, to fetch an excerpt (requirement row 31,
docs/decisions/026). The copy that a download makes: downloads.py."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from library import handed_out
from library.digital.rights import SIGN, mailbox_sign
from library.models import CopyLink, DigitalCopy, MarkedCopy, Publication
from library.models.catalogue import Access
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.guestbook import contact
from services.guestbook.models import Visit, Visitor, VisitService
from services.workflow import IllegalMove

TASK = "library.send_copy_link"
LASTS = timedelta(days=7)
USES = {CopyLink.Kind.READ: 20, CopyLink.Kind.DOWNLOAD: 5, CopyLink.Kind.EXCERPT: 5}
AT_ONCE = timedelta(minutes=2)  # the same link asked for again is the same press

NOT_SIGNED = gettext_lazy(
    "Tamu ini belum mengisi buku tamu, jadi softcopy belum dapat diserahkan atas namanya."
)
UNRECORDED = gettext_lazy(
    "Tamu ini memilih dilayani tanpa dicatat, jadi softcopy tidak dapat diserahkan atas namanya. Bila tamu berubah pikiran, "
    "buka kunjungan baru di meja dan isi buku tamunya."
)
ERASED = gettext_lazy("Data tamu ini sudah dihapus, jadi softcopy tidak dapat diserahkan atas namanya.")
NO_EMAIL = gettext_lazy("Tamu ini tidak menulis e-mail di buku tamu, jadi tautan tidak dapat dikirim.")
NO_MAIL = gettext_lazy("Kantor ini belum dapat mengirim e-mail, jadi tautan tidak dapat dikirim.")
NO_DOWNLOADS = gettext_lazy("Menurut standar pelayanan kantor ini, softcopy tidak diunduh.")
NOT_READ = gettext_lazy("Menurut standar pelayanan kantor ini, softcopy tidak dibaca dari luar kantor.")
IN_HOUSE = gettext_lazy("Publikasi ini hanya dibaca di komputer PST, jadi tidak ada tautannya.")
NOT_THERE = gettext_lazy("Softcopy publikasi ini tidak tersedia sekarang.")


def may_leave(digital: DigitalCopy) -> Publication:
    """The publication of a softcopy that is in use and out of its embargo."""
    if digital.publication is None or digital.state != DigitalCopy.State.READY:
        raise IllegalMove(str(NOT_THERE))
    if not digital.publication.released:
        raise IllegalMove(str(NOT_THERE))
    return digital.publication


def visitor_of(received: VisitService) -> Visitor:
    person = received.visit.visitor
    if person is None or not person.name:
        raise IllegalMove(why_nobody(received.visit))
    return person


def why_nobody(visit: Visit) -> str:
    """Why nothing can be given in this visit's name: not signed yet, not wanted, or erased."""
    if visit.guest_book_at is None:
        return str(NOT_SIGNED)
    return str(UNRECORDED if visit.consents.filter(given=False).exists() else ERASED)


def reachable(person: Visitor) -> None:
    if not person.email:
        raise IllegalMove(str(NO_EMAIL))
    if not settings.MAIL_IS_SENT:
        raise IllegalMove(str(NO_MAIL))


def why_no_link(received: VisitService, digital: DigitalCopy, kind: str) -> str:
    """What stands against it, in words; nothing: the desk may send one."""
    try:
        _checked(received, digital, kind)
    except IllegalMove as problem:
        return str(problem)
    return ""


def _checked(received: VisitService, digital: DigitalCopy, kind: str) -> Visitor:
    rules = handed_out.rules_of(received, received.visit.office)
    publication = may_leave(digital)
    if kind == CopyLink.Kind.DOWNLOAD and not rules.download:
        raise IllegalMove(str(NO_DOWNLOADS))
    if kind == CopyLink.Kind.READ and not rules.read_online:
        raise IllegalMove(str(NOT_READ))
    if publication.access == Access.IN_HOUSE:
        raise IllegalMove(str(IN_HOUSE))
    person = visitor_of(received)
    reachable(person)
    return person


@transaction.atomic
def issue_link(
    received: VisitService, digital: DigitalCopy, kind: str, *, by: Actor, site: str, at: datetime | None = None
) -> CopyLink:  # fmt: skip
    """A link in the visitor's own mailbox. `site`: where this installation is reached, without a slash at its end. Raises
    IllegalMove that says what stands against it."""
    at = at or timezone.now()
    person = _checked(received, digital, kind)
    VisitService.objects.select_for_update(of=("self",)).get(pk=received.pk)  # two presses take turns
    same = received.copy_links.filter(
        kind=kind, digital=digital, used=0, issued_at__gt=at - AT_ONCE, withdrawn_at=None
    ).first()  # fmt: skip
    if same:
        return same
    return send_by_mail(CopyLink.Kind(kind), person, digital, received, by=by, site=site, at=at)


def send_by_mail(
    kind: str, person: Visitor, digital: DigitalCopy, received: VisitService, *, by: Actor, site: str, at: datetime,
    copy: MarkedCopy | None = None,
) -> CopyLink:  # fmt: skip
    """Inside a transaction. Nobody knows the secret of a link before its mail is written."""
    link = CopyLink.objects.create(
        kind=kind, office_id=received.office_id, digital=digital, copy=copy, visitor=person, received=received,
        secret_hash=_hashed(secrets.token_urlsafe(24)), issued_at=at, issued_by_id=by.user_id,
        expires_at=at + LASTS,
    )  # fmt: skip
    trail.record("softcopy.link", link, by=by, office_id=received.office_id, at=at, kind=str(kind))
    app.configure_task(TASK).defer(pk=link.pk, site=site)
    return link


def send(pk: int, site: str, at: datetime | None = None) -> bool:
    """What the worker does: make the secret, store its hash, send the mail. Sent again, the earlier mail opens nothing.
    Raises what the mail server answers, for another try."""
    rows = CopyLink.objects.select_related(
        "visitor__office", "digital__publication", "received__visit", "copy"
    )
    link = rows.filter(pk=pk, expires_at__gt=at or timezone.now(), withdrawn_at=None).first()
    if link is None or not (link.visitor.email and link.visitor.name):
        return False
    secret = secrets.token_urlsafe(24) + mailbox_sign(link.visitor)
    CopyLink.objects.filter(pk=pk).update(secret_hash=_hashed(secret))
    local = link.office.local(link.expires_at)
    context = {
        "link": link, "office": link.office, "site": site, "secret": secret, "uses": USES[CopyLink.Kind(link.kind)],
    }  # fmt: skip
    with translation.override(link.received.visit.language if link.received else settings.LANGUAGE_CODE):
        context["until"] = f"{date_format(local, 'j F Y')}, {local:%H.%M} {link.office.zone_name}"
        contact.written("copy_link", context, link.visitor).send()
    trail.record("softcopy.link_sent", link, by=SYSTEM, office_id=link.office_id, at=at)
    return True


def _hashed(secret: str) -> str:
    return salted_hmac("library.copy_link", secret, algorithm="sha256").hexdigest()


def open_link(secret: str, at: datetime | None = None) -> CopyLink | None:
    """The link, while it is good. Forged, over, used up, or of somebody who was erased: none of them, alike."""
    link = known_link(secret)
    return link if link and good(link, at) else None


def known_link(secret: str) -> CopyLink | None:
    """Also one that is over: whoever has the whole secret may know which office sent it, and why it opens nothing."""
    rows = CopyLink.objects.select_related(
        "office", "visitor__office", "digital__publication", "received__standard", "received__visit", "copy"
    )
    link = rows.filter(secret_hash=_hashed(secret)).first()
    tagged = constant_time_compare(mailbox_sign(link.visitor if link else Visitor()), secret[-SIGN:])
    if link is None or not tagged or not link.visitor.name:
        return None
    return link


def good(link: CopyLink, at: datetime | None = None) -> bool:
    """Whether it opens anything."""
    if link.withdrawn_at:
        return False
    return link.expires_at > (at or timezone.now()) and link.used < USES[CopyLink.Kind(link.kind)]


@transaction.atomic
def withdraw(link: CopyLink, *, by: Actor, at: datetime | None = None) -> None:
    """It opens nothing from now on. Raises IllegalMove when it is over already."""
    found = CopyLink.objects.select_for_update(of=("self",)).filter(pk=link.pk).first()
    if found is None or not good(found, at):
        raise IllegalMove(_("Tautan ini sudah tidak berlaku."))
    found.withdrawn_at = at or timezone.now()
    found.save(update_fields=["withdrawn_at"])
    trail.record("softcopy.link_withdrawn", found, by=by, office_id=found.office_id, at=at)


def softcopy_of(link: CopyLink) -> DigitalCopy:
    """What the link leads to by now: the file may have been replaced. Raises IllegalMove where nothing may leave."""
    digital = link.digital
    if (
        link.kind == CopyLink.Kind.EXCERPT
    ):  # made already, by an officer; also of what is read in the house only
        if not still_given(digital):
            raise IllegalMove(str(NOT_THERE))
        return digital
    if digital.publication and digital.state != DigitalCopy.State.READY:
        digital = digital.publication.digital_copies.filter(state=DigitalCopy.State.READY).first() or digital
    if may_leave(digital).access == Access.IN_HOUSE:
        raise IllegalMove(str(IN_HOUSE))
    return digital


def still_given(digital: DigitalCopy) -> bool:
    """Whether an excerpt that was made of it may be fetched: also of what was replaced since."""
    withdrawn = digital.state == DigitalCopy.State.WITHDRAWN
    return not withdrawn and digital.publication is not None and digital.publication.released


@transaction.atomic
def use(link: CopyLink, at: datetime | None = None) -> CopyLink:
    """One use more. Raises IllegalMove when there is none left by now."""
    found = CopyLink.objects.select_for_update(of=("self",)).filter(pk=link.pk).first()
    if found is None or not good(found, at):
        raise IllegalMove(_("Tautan ini sudah tidak berlaku. Minta yang baru kepada petugas."))
    CopyLink.objects.filter(pk=found.pk).update(used=F("used") + 1)
    return found


@transaction.atomic
def read(link: CopyLink, digital: DigitalCopy, *, by: Actor, at: datetime | None = None) -> None:
    """The link opens the reader in one browser; what it opens is the file that is in use by now."""
    if link.kind == CopyLink.Kind.READ:  # a download's uses are its copies
        use(link, at)
    CopyLink.objects.filter(pk=link.pk).update(digital=digital)
    trail.record("softcopy.read_by_link", link, by=by, office_id=link.office_id, at=at)
