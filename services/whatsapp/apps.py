from django.apps import AppConfig


class WhatsAppConfig(AppConfig):
    name = "services.whatsapp"
    label = "whatsapp"
