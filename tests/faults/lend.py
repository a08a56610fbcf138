"""`python -m tests.faults.lend`: books go out and come back for ever; each change is told once it is acknowledged.

`ready` when it begins; then a line of JSON each: {"loan": key, "copy": key, "state": "out" | "returned"}. The database is
named by DATABASE_URL and made by the first call with `--make`.
"""

from __future__ import annotations

import json
import os
import sys
from itertools import cycle

CODE = "1906"  # Belitung Timur: the one whose standard lends


def main() -> None:
    from pst.local.environment import use_local_settings

    use_local_settings()
    os.environ["DJANGO_SETTINGS_MODULE"] = "pst.settings"
    import django

    django.setup()
    if "--make" in sys.argv:
        make()
    lend_for_ever()


def make() -> None:
    from django.core.management import call_command

    from library import demo
    from services.offices.models import Office
    from tests.conftest import load_offices

    call_command("migrate", interactive=False, verbosity=0)
    load_offices()
    demo.furnish(Office.objects.get(code=CODE))


def lend_for_ever() -> None:
    from library.models import Copy
    from library.workflows import circulation as work
    from services.accounts.models import User
    from services.audit.actors import Actor
    from services.guestbook.models import Visitor
    from services.offices.models import Office
    from tests.guestbook.support import arrive

    office = Office.objects.get(code=CODE)
    officer, _new = User.objects.get_or_create(email="officer@example.test", defaults={"name": "Petugas"})
    by = Actor("officer", user_id=officer.pk)
    visit = arrive(office)
    readers = [
        Visitor.objects.create(office=office, name=f"Tamu {n}", phone=f"+62812345678{n:02d}")
        for n in range(40)
    ]
    copies = list(Copy.objects.filter(office=office).order_by("pk"))
    say({"ready": True})
    for turn, (copy, reader) in enumerate(zip(cycle(copies), cycle(readers), strict=False)):
        copy.refresh_from_db()
        if copy.state == Copy.State.OUT:
            loan, _kept = work.bring_back(copy, by=by)
            say({"loan": loan.pk, "copy": copy.pk, "state": "returned"})
        elif turn % 2:
            loan = work.permit(copy, visit, by=by)
            say({"loan": loan.pk, "copy": copy.pk, "state": "out"})
        elif not reader.loans.filter(state="out").exists():
            loan = work.lend(copy, reader, by=by)
            say({"loan": loan.pk, "copy": copy.pk, "state": "out"})


def say(what: dict) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main()
