from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LibraryConfig(AppConfig):
    name = "library"

    def ready(self) -> None:
        from library import reference

        # Django's own hook for data that every installation needs, as in services/guestbook/apps.py.
        post_migrate.connect(reference.fill, sender=self)
