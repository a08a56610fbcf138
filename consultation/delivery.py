"""How an answer reaches the visitor outside of the thread: each channel has at most one carrier.

A carrier is called in the transaction that writes the message. It must only note what is to be sent (a row of the outbox,
a job) and set the message's `delivery`; what goes out goes out after the commit. Without a carrier the answer stands in
the thread and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable

from consultation.models import Channel, Consultation, Message

Carrier = Callable[[Message], None]
_carriers: dict[str, Carrier] = {}


def register(channel: str, carrier: Carrier) -> None:
    """At start, by the app that knows the channel."""
    _carriers[channel] = carrier


def possible(consultation: Consultation, *, email: str, phone: str) -> list[str]:
    """By which channels an answer can go out: the consultation's own first, then whatever has a carrier and an address."""
    reached = {Channel.EMAIL: email, Channel.WHATSAPP: phone}
    others = [channel for channel, address in reached.items() if address and channel in _carriers]
    own = consultation.channel
    return list(dict.fromkeys([str(own), *(str(channel) for channel in others), str(Channel.PORTAL)]))


def send(message: Message) -> None:
    """By the channel the message was written for."""
    if carrier := _carriers.get(message.channel):
        carrier(message)
