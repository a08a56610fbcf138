"""The four demonstration offices: standards from the published texts, counters, lockers, one account each."""

from __future__ import annotations

import json
import secrets
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from complaints import demo as complaints_demo
from consultation import classifications
from consultation import demo as consultation_demo
from library import demo as library_demo
from library.digital import demo as softcopies
from queueing.models import Counter
from services.accounts.models import Membership, Role, User
from services.audit.actors import SYSTEM
from services.lockers.models import Locker
from services.offices import loading
from services.offices.calendar import seed_national_days
from services.offices.models import Office
from services.ratings import demo as ratings_demo
from services.surveys import demo as surveys_demo

TEXTS = Path(__file__).resolve().parents[2] / "services" / "offices" / "demo"
LOCKERS = 12
PUBLISHED = "7411"  # whose survey has a result
# Easy to type at a desk, 77 bits: four groups of four out of 28 letters and digits.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def accounts_file() -> Path:
    return settings.VAR_DIR / "demo-accounts.json"


def load_standards(say) -> list[Office]:
    """Read every published text; returns the offices they belong to."""
    offices: dict[str, Office] = {}
    for path in sorted(TEXTS.glob("*.txt")):
        loaded = loading.load(path.read_bytes(), source_name=path.name, by=SYSTEM)
        office = loaded.standard.service.office
        offices[office.code] = office
        if loaded.created:
            say(f"  {office} · {loaded.standard.service}: {loaded.standard.items.count()} items")
    return [offices[code] for code in sorted(offices)]


@transaction.atomic
def furnish(office: Office) -> None:
    """Counters for the services that queue, lockers where the standard has them."""
    rules = [s.standard.rules for s in office.services.all() if s.standard]
    for number in (1, 2):
        counter, _new = Counter.objects.get_or_create(office=office, number=number)
        counter.services.set(office.services.filter(active=True))
    if any(r.locker != "none" for r in rules):
        Locker.objects.bulk_create(
            [Locker(office=office, number=n) for n in range(1, LOCKERS + 1)], ignore_conflicts=True
        )


def make_accounts(offices: list[Office]) -> dict[str, str]:
    """A frontliner and a supervisor per office, one who oversees them all from the head office, and one administrator;
    passwords are made here, once."""
    path = accounts_file()
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    wanted: list[tuple[str, str, Office | None, str]] = [("admin@example.test", "Administrator", None, "")]
    for office in offices:
        wanted.append(
            (f"petugas.{office.code}@example.test", f"Petugas {office.area}", office, Role.FRONTLINER)
        )
        wanted.append(
            (f"atasan.{office.code}@example.test", f"Atasan {office.area}", office, Role.SUPERVISOR)
        )
    if head := Office.objects.filter(level=Office.Level.NATIONAL).first():
        wanted.append((f"koordinator.{head.code}@example.test", "Koordinator PST", head, Role.SUPERVISOR))
    for email, name, member_of, role in wanted:
        user = User.objects.filter(email=email).first()
        if user is None or email not in known:
            known[email] = "-".join("".join(secrets.choice(LETTERS) for _c in range(4)) for _g in range(4))
            user = user or User(email=email, name=name, is_staff=not member_of, is_superuser=not member_of)
            user.set_password(known[email])
            user.save()
        if member_of:
            Membership.objects.get_or_create(user=user, office=member_of, defaults={"role": role})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(known, indent=1))
    return known


def load(say=print) -> list[Office]:
    """Everything; a second call adds nothing."""
    offices = load_standards(say)
    this_year = date.today().year  # noqa: DTZ011 - which years to seed, not a service day
    seed_national_days(range(this_year, this_year + 2))
    for office in offices:
        furnish(office)
        if books := library_demo.furnish(office):
            say(f"  {office}: {books} publications in the catalogue")
        softcopies.furnish(office, say)
    make_accounts(offices)
    if codes := classifications.load_demo():
        say(f"  {codes} codes of the uppermost level of KBLI and KBJI")
    for office in offices:
        if talks := consultation_demo.furnish(office):
            say(f"  {office}: {talks} consultations")
        found = (
            ratings_demo.furnish(office),
            surveys_demo.furnish(office, full=office.code == PUBLISHED),
            complaints_demo.furnish(office),
        )
        if any(found):
            say(
                f"  {office}: {found[0]} ratings, {found[1]} questionnaires, {found[2]} complaints and suggestions"
            )
    return offices
