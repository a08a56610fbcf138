from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "pst.account"
    label = "portal_account"  # "account" is allauth's

    def ready(self) -> None:
        from pst.account import mail_samples

        mail_samples.register()
