"""Pairing, recognising and revoking tablets and TVs."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from services.accounts.models import Device, DeviceGap, Pairing, Purpose, hash_secret
from services.audit import trail
from services.audit.actors import Actor
from services.codes import readable
from services.live.publish import DEVICES, publish

SEEN_EVERY = timedelta(seconds=30)
# Anyone may ask for a code: of more than this many the oldest are dropped.
MAX_PAIRINGS = 200


class PairingFailed(Exception):
    """`str()` says what to do."""


def cookie_name(purpose: str) -> str:
    """One cookie per purpose, so that a demonstration on one PC can be tablet and TV at once."""
    return f"pst_device_{purpose}"


def on_one(request: HttpRequest) -> bool:
    """Whether this browser was ever set up as a device of an office. Also one that was revoked since: it still stands
    there."""
    return any(cookie_name(purpose) in request.COOKIES for purpose in Purpose.values)


def find(request: HttpRequest, purpose: str) -> Device | None:
    """The paired device that sends this request, if any; notes that it was seen."""
    secret = request.COOKIES.get(cookie_name(purpose), "")
    if not secret:
        return None
    device = (
        Device.objects.active()
        .select_related("office")
        .filter(secret_hash=hash_secret(secret), purpose=purpose)
        .first()
    )
    if device:
        touch(device)
    return device


def touch(device: Device) -> None:
    """Remember the device was here; at most one write in 30 seconds, so that polling costs nothing."""
    now, before = timezone.now(), device.last_seen_at
    if before and now - before <= SEEN_EVERY:
        return
    device.last_seen_at = now
    if before and now - before < Device.ONLINE_WITHIN:
        Device.objects.filter(pk=device.pk).update(last_seen_at=now)
        return
    with transaction.atomic():
        # Two requests of a device that is here again: one of them writes down how long it was not.
        if Device.objects.filter(pk=device.pk, last_seen_at=before).update(last_seen_at=now):
            _gap(device, before or device.paired_at, now, DeviceGap.SILENT)
    publish(
        device.office.code, DEVICES
    )  # the desk that approved it sees that it works, or that it is here again


def _gap(device: Device, since: datetime, until: datetime, reason: str) -> None:
    if until - since >= Device.ONLINE_WITHIN or reason != DeviceGap.SILENT:
        row = DeviceGap(device=device, since=since, until=until, reason=reason)
        DeviceGap.objects.bulk_create([row], ignore_conflicts=True)


def begin(purpose: str) -> tuple[Pairing, str]:
    """A device asks to be paired. Returns the pairing to show and the secret for the device's cookie."""
    purpose = Purpose(purpose).value
    Pairing.objects.filter(created_at__lt=timezone.now() - Pairing.LIFETIME).delete()
    newest = Pairing.objects.order_by("-id").values("pk")[: MAX_PAIRINGS - 1]
    Pairing.objects.exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
    secret = secrets.token_urlsafe(32)
    for _attempt in range(10):
        code = readable(6)
        try:
            with transaction.atomic():
                return Pairing.objects.create(
                    code=code, purpose=purpose, secret_hash=hash_secret(secret)
                ), secret
        except IntegrityError:
            continue
    raise PairingFailed(_("Tidak ada kode yang tersisa. Coba lagi sebentar lagi."))


@transaction.atomic
def approve(*, code: str, name: str, office, by: Actor) -> Device:
    """An officer types the code seen on the device's screen; the device then belongs to the officer's office."""
    code = "".join(c for c in code.upper() if c.isalnum())
    pairing = Pairing.objects.select_for_update().filter(code=code).first()
    if pairing is None or pairing.expired:
        raise PairingFailed(
            _("Kode tidak dikenal atau sudah kedaluwarsa. Baca lagi kode pada layar perangkat.")
        )
    device = Device.objects.create(
        office=office,
        purpose=pairing.purpose,
        name=name,
        secret_hash=pairing.secret_hash,
        paired_by_id=by.user_id,
    )
    pairing.delete()
    trail.record("device.paired", device, by=by, office_id=office.pk, purpose=device.purpose)
    publish(office.code, DEVICES)
    return device


@transaction.atomic
def report_fault(device: Device, *, fault: str, by: Actor) -> None:
    """The device says what is wrong with it ("" when all is well again). Saying the same again changes nothing."""
    device = Device.objects.select_for_update(of=("self",)).select_related("office").get(pk=device.pk)
    if device.fault == fault:
        return
    now = timezone.now()
    if device.fault and device.fault_at and device.fault_at < now:
        _gap(device, device.fault_at, now, device.fault)
    device.fault, device.fault_at = fault, now if fault else None
    device.save(update_fields=["fault", "fault_at"])
    action = "device.fault" if fault else "device.well"
    trail.record(action, device, by=by, office_id=device.office_id, fault=fault)
    publish(device.office.code, DEVICES)


@transaction.atomic
def revoke(device: Device, *, by: Actor) -> None:
    """The device loses its access with its next request, and its open stream within seconds."""
    Device.objects.filter(pk=device.pk, revoked_at=None).update(revoked_at=timezone.now())
    trail.record("device.revoked", device, by=by, office_id=device.office_id)
    publish(device.office.code, DEVICES)
