from django.apps import AppConfig


class OfficesConfig(AppConfig):
    name = "services.offices"
    label = "offices"
