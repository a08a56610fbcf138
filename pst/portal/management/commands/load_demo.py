"""`manage.py load_demo`: the four demonstration offices; harmless to run again."""

from django.core.management.base import BaseCommand

from pst.portal import demo


class Command(BaseCommand):
    help = "Loads the four demonstration offices from their published standards."

    def handle(self, **options):
        offices = demo.load(self.stdout.write)
        self.stdout.write(f"  {len(offices)} offices ready: " + ", ".join(o.area for o in offices))
