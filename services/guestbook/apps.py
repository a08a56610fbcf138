from django.apps import AppConfig
from django.db.models.signals import post_migrate

from services.guestbook import reference


class GuestbookConfig(AppConfig):
    name = "services.guestbook"
    label = "guestbook"

    def ready(self) -> None:
        # The one signal we use: Django's own hook for data that every installation needs.
        post_migrate.connect(reference.ensure, sender=self)
        from services.guestbook import mail_samples

        mail_samples.register()
