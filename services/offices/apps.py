from django.apps import AppConfig
from django.db.models.signals import post_migrate


def seed_calendar(**_signal) -> None:
    """A new installation knows the national holidays at once; the worker keeps them (tasks.keep_calendar)."""
    from django.utils import timezone

    from services.offices.calendar import seed_national_days

    seed_national_days([timezone.now().year, timezone.now().year + 1])


class OfficesConfig(AppConfig):
    name = "services.offices"
    label = "offices"

    def ready(self) -> None:
        # As for the guest book's lists (docs/decisions/007): data that every installation needs.
        post_migrate.connect(seed_calendar, sender=self)
