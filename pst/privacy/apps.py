from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "pst.privacy"
    label = "privacy"
