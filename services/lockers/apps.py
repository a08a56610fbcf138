from django.apps import AppConfig


class LockersConfig(AppConfig):
    name = "services.lockers"
    label = "lockers"
