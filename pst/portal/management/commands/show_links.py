"""`manage.py show_links`: where each screen is and who may log in, after `make run`."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from pst.portal.demo import accounts_file
from services.offices.models import Office


class Command(BaseCommand):
    help = "Prints the address of every screen and the demo accounts."

    def add_arguments(self, parser):
        parser.add_argument("--base", default="http://127.0.0.1:8000")

    def handle(self, *, base: str, **options):
        def line(label: str, url: str, note: str = "") -> None:
            self.stdout.write(f"  {label:<22} {base}{url}  {note}".rstrip())

        self.stdout.write("")
        line("Public pages", reverse("portal:home"))
        for office in Office.objects.serving():
            line(f"  {office.area}", office.get_absolute_url())
        line("Library catalogue", reverse("library:search"))
        line("Officer's desk", reverse("queueing:desk"))
        line(
            "Visitor's tablet",
            reverse("queueing:kiosk"),
            "shows a code; approve it at the desk under Perangkat",
        )
        line("TV", reverse("queueing:display"), "likewise")
        line("Supervisor's panel", reverse("panel:today"))
        line("Administration", reverse("admin:index"))
        line("Style guide", "/style/")
        if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
            self.stdout.write(
                "\n  Mail (codes, links to one's own data) is printed here: no mail server is set (PST_EMAIL_URL)."
            )
        path = accounts_file()
        if path.exists():
            self.stdout.write(
                f"\n  Demo accounts (passwords made at the first run, kept in {path.parent.name}/{path.name}):"
            )
            for email, password in json.loads(path.read_text()).items():
                self.stdout.write(f"    {email:<32} {password}")
        self.stdout.write("")
