from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "complaints"

    def ready(self) -> None:
        from complaints import mail_in, mail_samples, notices, whatsapp_out
        from complaints.models import Complaint, Message
        from services.mail import outbox as mail
        from services.whatsapp import outbox

        mail_samples.register()
        mail_in.register()
        mail.watch(Message, notices.mailed)
        for model in (Complaint, Message):
            outbox.watch(model, whatsapp_out.Watcher())
