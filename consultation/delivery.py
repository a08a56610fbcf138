"""How an answer reaches the visitor outside of the thread: each channel has at most one carrier.

A carrier is called in the transaction that writes the message. It must only note what is to be sent (a row of the outbox,
a job) and set the message's `delivery`; what goes out goes out after the commit. Without a carrier the answer stands in
the thread and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable

from consultation.models import Channel, Consultation, Message

Carrier = Callable[[Message], None]
Serves = Callable[[Consultation], bool]
_carriers: dict[str, Carrier] = {}
_serves: dict[str, Serves] = {}


def register(channel: str, carrier: Carrier, *, serves: Serves | None = None) -> None:
    """At start, by the app that knows the channel. `serves`: of which consultations it can carry answers; without it of all."""
    _carriers[channel] = carrier
    if serves:
        _serves[channel] = serves


def possible(consultation: Consultation, *, email: str, phone: str) -> list[str]:
    """By which channels an answer can go out: the consultation's own first, then whatever has a carrier and an address."""
    reached = {Channel.EMAIL: email, Channel.WHATSAPP: phone}
    others = [channel for channel, address in reached.items() if address and carries(channel, consultation)]
    own = consultation.channel
    return list(dict.fromkeys([str(own), *(str(channel) for channel in others), str(Channel.PORTAL)]))


def carries(channel: str, consultation: Consultation) -> bool:
    return channel in _carriers and (channel not in _serves or _serves[channel](consultation))


def send(message: Message) -> None:
    """By the channel the message was written for."""
    if carries(message.channel, message.consultation):
        _carriers[message.channel](message)
