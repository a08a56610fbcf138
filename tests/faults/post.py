"""`python -m tests.faults.post CODE`: what the worker does for an office's mail, minute after minute without the minutes between.

`{"ready": true}` when it begins, `{"away": true}` when it meets a database that is gone. It goes on by itself, as the worker's
jobs do, with the waits behind it. `--make` first fills the database of DATABASE_URL; PST_CHANNELS names the mailbox.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import timedelta

WAITED = timedelta(minutes=10)  # longer than the first wait of a mail that was begun and not ended


def main(code: str) -> None:
    from pst.local.environment import use_local_settings

    use_local_settings()
    os.environ["DJANGO_SETTINGS_MODULE"] = "pst.settings"
    import django

    django.setup()
    if "--make" in sys.argv:
        from django.core.management import call_command

        from tests.conftest import load_offices

        call_command("migrate", interactive=False, verbosity=0)
        load_offices()
    work(code)


def work(code: str) -> None:
    from django.db import InterfaceError, OperationalError, connections
    from django.utils import timezone

    from consultation.mail_in import fetching
    from services.mail import outbox
    from services.offices.models import Office

    office, ahead = Office.objects.get(code=code), timedelta()
    say({"ready": True})
    while True:
        at = timezone.now() + ahead
        try:
            fetching.run(office, at=at)
            outbox.sweep(at)
        except (OperationalError, InterfaceError):
            say({"away": True})
            ahead += WAITED
            connections.close_all()
            until_it_answers()
        time.sleep(0.02)


def until_it_answers() -> None:
    from django.db import OperationalError, connection

    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            time.sleep(0.05)
        else:
            return


def say(what: dict) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
