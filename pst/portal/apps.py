from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "pst.portal"
    label = "portal"
