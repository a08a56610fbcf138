from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "services.mail"
    label = "mail"

    def ready(self) -> None:
        """A channels file that cannot be used is said at start, not by the first mail that stays away."""
        from services import channels

        channels.configured()
