from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    name = "consultation"

    def ready(self) -> None:
        from consultation import delivery, mail_samples, notices
        from consultation.models import Channel, Message
        from services.mail import outbox

        mail_samples.register()
        for channel in (Channel.EMAIL, Channel.PORTAL):
            delivery.register(channel, notices.carry)
        outbox.watch(Message, notices.delivered)
