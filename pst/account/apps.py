from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "pst.account"
    label = "portal_account"  # "account" is allauth's
