from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "pst.reports"
    label = "reports"

    def ready(self) -> None:
        from pst.reports import mail_samples

        mail_samples.register()
