"""What an officer does with a ticket. Every function is one transaction around `move()`."""

from queueing.workflows.desk.calls import (
    arrived,
    call_chosen,
    call_next,
    cancel,
    no_show,
    put_back,
    recall,
    rejoin,
    skip,
)
from queueing.workflows.desk.common import as_seen
from queueing.workflows.desk.serving import (
    check_out,
    close_day,
    close_visit,
    end,
    finish_ticket,
    hold,
    resume,
    start,
    transfer,
)

__all__ = [
    "arrived",
    "as_seen",
    "call_chosen",
    "call_next",
    "cancel",
    "check_out",
    "close_day",
    "close_visit",
    "end",
    "finish_ticket",
    "hold",
    "no_show",
    "put_back",
    "recall",
    "rejoin",
    "resume",
    "skip",
    "start",
    "transfer",
]
