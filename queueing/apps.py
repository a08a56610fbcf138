from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out


def leave_every_seat(sender, user, **_signal) -> None:
    """Whoever logs out sits at no counter any more."""
    from queueing.workflows import counters
    from services.audit.actors import Actor

    if user is not None:
        counters.log_out(by=Actor("officer", user_id=user.pk))


class QueueingConfig(AppConfig):
    name = "queueing"

    def ready(self) -> None:
        # A signal, because the log-out is a layer below and must not know of counters.
        user_logged_out.connect(leave_every_seat, dispatch_uid="queueing.leave_every_seat")
