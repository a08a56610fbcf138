from django.apps import AppConfig


class RatingMailsConfig(AppConfig):
    name = "pst.rating_mails"
    label = "rating_mails"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy

        from pst.rating_mails import asked
        from services.mail import kinds
        from services.ratings.asking import KIND

        kinds.register(KIND, gettext_lazy("Permintaan penilaian"), asked.sample)
