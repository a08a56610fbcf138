"""`manage.py make_docs`: draw the parts of docs/ that come from the code."""

from django.core.management.base import BaseCommand
from django.utils.translation import override

from pst.portal import docs


class Command(BaseCommand):
    help = "Writes docs/settings.md, docs/states.md and docs/architecture.svg from the code."

    def handle(self, **options):
        with override("id"):
            for name, text in docs.pages().items():
                (docs.DOCS / name).write_text(text, encoding="utf-8")
                self.stdout.write(f"docs/{name}")
