from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SurveysConfig(AppConfig):
    name = "services.surveys"
    label = "surveys"

    def ready(self) -> None:
        post_migrate.connect(_fill, sender=self)


def _fill(**_kwargs: object) -> None:
    from services.surveys import instruments

    instruments.load()
