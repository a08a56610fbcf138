from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LibraryConfig(AppConfig):
    name = "library"

    def ready(self) -> None:
        from django.conf import settings

        from library import mail_samples, reference
        from library.pdf import pool

        # Django's own hook for data that every installation needs, as in services/guestbook/apps.py.
        post_migrate.connect(reference.fill, sender=self)
        # Of the threads that make pages some must be left for the rest of the site (pst/asgi.py has six): whoever
        # finds all drawing and two waiting is told to come again in a moment.
        pool.configure(workers=settings.RENDER_WORKERS, waiting=2)
        mail_samples.register()
