from django.apps import AppConfig


class PanelConfig(AppConfig):
    name = "pst.panel"
    label = "panel"
