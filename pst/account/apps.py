from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "pst.account"
    label = "portal_account"  # "account" is allauth's

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added

        from pst.account import mail_samples, second_step

        mail_samples.register()
        authenticator_added.connect(second_step.shown_just_now)
