"""Who may read a softcopy now, and what stands in the mark of every page they see (requirement rows 19, 21, 30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from library.handed_out import rules_of
from library.models import CopyLink, DigitalCopy, Publication
from library.models.catalogue import Access
from services.accounts import devices, visitors
from services.accounts.access import STAFF
from services.accounts.middleware import OFFICE_KEY
from services.accounts.models import Membership, Purpose, User
from services.audit.actors import VISITOR, Actor
from services.guestbook.models import Visitor
from services.offices.models import Office

# In a session: the links that were opened in this browser, each with the sign of the mailbox it was sent to.
READ_LINKS = "read_links"
MOST_LINKS = 50
SIGN = 12  # letters


@dataclass(frozen=True)
class Reading:
    """Somebody may read `digital`. `how`: "public", "staff", "computer", "link" or "account"; `office`: whose desk,
    computer or link it is, or whose softcopy. The mark holds for a day, so that a page that was drawn once is found again."""

    digital: DigitalCopy
    mark: tuple[str, ...]
    by: Actor
    office: Office | None
    how: str

    @property
    def at_computer(self) -> bool:
        return self.how == "computer"


class NoLonger(Http404):
    """The public may know of the publication, but it has no softcopy (any more)."""

    def __init__(self, publication: Publication) -> None:
        self.publication = publication


def softcopy(pk: int) -> DigitalCopy:
    """The softcopy in use of a publication the public may know of. Raises Http404: an embargo looks like nothing, and
    NoLonger is told only of what everybody may know of."""
    rows = DigitalCopy.objects.select_related("publication", "office").defer(
        "publication__search", "publication__abstract", "sizes", "outline"
    )
    found = rows.filter(publication=pk, state=DigitalCopy.State.READY).first()
    if found is None and (known := _known(pk)):
        raise NoLonger(known)
    if found is None or not found.publication or not found.publication.released:
        raise Http404
    return found


def _known(pk: int) -> Publication | None:
    """One that had a softcopy and may be known of."""
    given_up = (DigitalCopy.State.WITHDRAWN, DigitalCopy.State.REPLACED)
    rows = Publication.objects.released().filter(pk=pk, digital_copies__state__in=given_up)
    return rows.defer("search", "abstract").first()


def reading(request: HttpRequest, digital: DigitalCopy) -> Reading | None:
    """None: not this person, not here, or not now. Asked anew for every page."""
    publication = digital.publication
    if publication is None or not publication.released or digital.state != DigitalCopy.State.READY:
        return None
    if computer := devices.find(request, Purpose.READER):
        by = Actor("device", device_id=computer.pk)
        office = computer.office
        return Reading(digital, ("Komputer PST", office.name, _day(office)), by, office, "computer")
    if publication.access == Access.PUBLIC:
        return Reading(digital, ("Dibaca daring", "PST BPS", _day(None)), VISITOR, None, "public")
    if membership := _at_desk(request):
        by = Actor("officer", user_id=membership.user_id)
        office, who = membership.office, f"Petugas {membership.user}"
        return Reading(digital, (who, office.name, _day(office)), by, office, "staff")
    if publication.access == Access.REGISTERED and (link := _link(request, digital)):
        person = link.visitor.merged_into or link.visitor
        mark = (person.name, person.email, _day(link.office))
        return Reading(digital, mark, VISITOR, link.office, "link")
    if publication.access == Access.REGISTERED and (account := account_of(request)):
        mark = (account.name, account.email, _day(digital.office))
        return Reading(digital, mark, Actor("visitor", user_id=account.pk), digital.office, "account")
    return None


def account_of(request: HttpRequest) -> User | None:
    """Somebody signed in whose mailbox is verified: a registered reader on their own phone or computer (row 30)."""
    user = request.user
    if not isinstance(user, User) or devices.on_one(request):
        return None
    return user if visitors.mailbox(user) else None


def _day(office: Office | None) -> str:
    day: date = office.today() if office else timezone.localdate(None, timezone.get_default_timezone())
    return f"{day:%d-%m-%Y}"


def _at_desk(request: HttpRequest) -> Membership | None:
    """The role in which an officer of any office is at work, the active office's first (AccessMiddleware)."""
    user = request.user
    if not user.is_authenticated:
        return None
    rows = Membership.objects.filter(user_id=user.pk, role__in=STAFF).select_related("office", "user")
    found = list(rows)
    active = request.session.get(OFFICE_KEY)
    return next((m for m in found if m.office_id == active), found[0] if found else None)


def _link(request: HttpRequest, digital: DigitalCopy) -> CopyLink | None:
    """A link to this very file that was opened in this browser, still holds, and whose person was not erased and still
    has that mailbox."""
    keys = opened_links(request)
    if not keys:
        return None
    kinds = (CopyLink.Kind.READ, CopyLink.Kind.DOWNLOAD)
    rows = CopyLink.objects.filter(
        pk__in=list(keys), digital=digital, kind__in=kinds, expires_at__gt=timezone.now(), withdrawn_at=None
    ).select_related("visitor__merged_into", "office")
    named = (link for link in rows if (link.visitor.merged_into or link.visitor).name)
    return next((link for link in named if keys[link.pk] == mailbox_sign(link.visitor)), None)


def opened_links(request: HttpRequest) -> dict[int, str]:
    kept = request.session.get(READ_LINKS)
    rows = [row for row in kept if isinstance(row, list) and len(row) == 2] if isinstance(kept, list) else []
    return {pk: sign for pk, sign in rows[-MOST_LINKS:] if type(pk) is int and isinstance(sign, str)}


def opened(request: HttpRequest, link: CopyLink) -> None:
    """This browser showed the link: what it leads to can be read here."""
    kept = opened_links(request) | {link.pk: mailbox_sign(link.visitor)}
    request.session[READ_LINKS] = [list(row) for row in kept.items()][-MOST_LINKS:]


def mailbox_sign(visitor: Visitor) -> str:
    """When the visitor's address changes, what was sent to the old one opens nothing."""
    return salted_hmac("library.mailbox", visitor.email.casefold(), algorithm="sha256").hexdigest()[:SIGN]


def guarded(found: Reading, publication: Publication) -> bool:
    """Whether the page makes copying by hand awkward: on the computer, and where the rules or the standard forbid it."""
    if found.at_computer or publication.access == Access.IN_HOUSE:
        return True
    return rules_of(None, found.digital.office).self_copying_forbidden
