from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "complaints"

    def ready(self) -> None:
        from complaints import mail_samples, whatsapp_out
        from complaints.models import Complaint, Message
        from services.whatsapp import outbox

        mail_samples.register()
        for model in (Complaint, Message):
            outbox.watch(model, whatsapp_out.Watcher())
