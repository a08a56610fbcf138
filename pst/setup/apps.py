from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "pst.setup"
    label = "setup"

    def ready(self) -> None:
        from pst.setup import mail_samples

        mail_samples.register()
