from django.apps import AppConfig


class ConsultationConfig(AppConfig):
    name = "consultation"

    def ready(self) -> None:
        from consultation import delivery, mail_samples, notices, whatsapp_out
        from consultation.models import Channel, Consultation, Message
        from services.mail import outbox
        from services.whatsapp import outbox as whatsapp

        mail_samples.register()
        for channel in (Channel.EMAIL, Channel.PORTAL):
            delivery.register(channel, notices.carry)
        outbox.watch(Message, notices.delivered)
        delivery.register(Channel.WHATSAPP, whatsapp_out.carry, serves=whatsapp_out.serves)
        whatsapp.watch(Message, whatsapp_out.Answers())
        whatsapp.watch(Consultation, whatsapp_out.Words())
