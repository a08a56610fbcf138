"""Fills the database of DATABASE_URL: tables, the demonstration offices, paired devices, one officer; says them as JSON.

    python -m tests.faults.furnish CODE KIOSKS

A process of its own, because Django in the process of the tests belongs to the test database.
"""

from __future__ import annotations

import json
import sys


def main(code: str, kiosks: int) -> None:
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pst.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from services.accounts.models import Membership, Role, User
    from services.offices.models import Office
    from tests.conftest import PASSWORD, load_offices

    load_offices()
    office = Office.objects.get(code=code)
    user = User.objects.create_user("faults@example.test", PASSWORD, name="Petugas 1")
    Membership.objects.create(user=user, office=office, role=Role.FRONTLINER)
    made = {
        "kiosks": [pair(office, "kiosk", n) for n in range(kiosks)],
        "tv": pair(office, "display", 0),
        "email": user.email,
    }
    print(json.dumps(made))


def pair(office, purpose: str, number: int) -> tuple[int, str]:
    """A paired device: its id and the secret of its cookie."""
    from services.accounts import devices
    from services.audit.actors import SYSTEM

    pairing, secret = devices.begin(purpose)
    device = devices.approve(code=pairing.code, name=f"{purpose} {number}", office=office, by=SYSTEM)
    return device.pk, secret


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
