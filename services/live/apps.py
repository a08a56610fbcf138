from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "services.live"
    label = "live"
