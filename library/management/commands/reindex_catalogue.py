"""`manage.py reindex_catalogue`: the search index anew, after a list of regions, subjects or abbreviations changed."""

from django.core.management.base import BaseCommand

from library.search import index


class Command(BaseCommand):
    help = "Write the search index of every publication anew."

    def handle(self, **options):
        self.stdout.write(f"{index.rebuild()} publications indexed.")
