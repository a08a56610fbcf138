"""A form for every rule of a standard: from the stored value to fields somebody can fill, and back.

One registry (`FORMS`), because an editor of thirty rules is thirty rows here and no view of its own.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pst.panel.standards.rule_kinds import (
    RuleForm,
    choice,
    clock,
    flag,
    flags,
    line,
    lines,
    lines_field,
    number,
    several,
    split_lines,
)
from services.guestbook.fields import CONFIGURABLE
from services.guestbook.forms import GuestBookForm
from services.offices.rule_names import STEP_NAMES, WORDS

SPARE_ROWS = 2
CHANNEL_KINDS = {
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("telepon"),
    "whatsapp": "WhatsApp",
    "sms_whatsapp": "SMS/WhatsApp",
    "form": gettext_lazy("formulir"),
    "website": gettext_lazy("situs web"),
    "lapor": "LAPOR!",
    "box": gettext_lazy("kotak saran"),
    "facebook": "Facebook",
    "instagram": "Instagram",
    "other": gettext_lazy("lainnya"),
}


class Account(RuleForm):
    required = forms.BooleanField(label=gettext_lazy("Layanan online memerlukan akun"), required=False)
    label = forms.CharField(label=gettext_lazy("Nama aplikasi"), max_length=100, required=False)
    url = forms.URLField(label=gettext_lazy("Tautan"), max_length=300, required=False, assume_scheme="https")

    @classmethod
    def fill(cls, stored: Any) -> dict[str, Any]:
        return {"required": False, "label": "", "url": ""} | (stored or {})

    def value(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("required", "label", "url")}


class Fee(RuleForm):
    free = forms.BooleanField(label=gettext_lazy("Gratis"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Biaya, dengan kata-kata standar"), max_length=300, required=False
    )

    @classmethod
    def fill(cls, stored: Any) -> dict[str, Any]:
        return {"free": True, "text": ""} | (stored or {})

    def value(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("free", "text")}


class Products(RuleForm):
    onsite = lines_field(gettext_lazy("Produk, kunjungan"))
    online = lines_field(gettext_lazy("Produk, online"))

    @classmethod
    def fill(cls, stored: Any) -> dict[str, Any]:
        return {c: "\n".join((stored or {}).get(c) or []) for c in ("onsite", "online")}

    def value(self) -> dict[str, list[str]]:
        return {c: split_lines(self.cleaned_data[c]) for c in ("onsite", "online")}


class GuestBookFields(RuleForm):
    """What the guest book asks for otherwise than usual."""

    CHOICES = (
        ("", gettext_lazy("seperti biasa")),
        *((w, WORDS[w]) for w in ("required", "optional", "off")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in sorted(CONFIGURABLE):
            asked = GuestBookForm.base_fields.get(name)
            label = asked.label if asked else gettext_lazy("Data yang dicari")
            self.fields[name] = forms.ChoiceField(label=label, choices=self.CHOICES, required=False)

    @classmethod
    def fill(cls, stored: Any) -> dict[str, Any]:
        return dict(stored or {})

    def value(self) -> dict[str, str]:
        return {name: wish for name, wish in self.cleaned_data.items() if wish}


class Steps(RuleForm):
    """Which steps a visit has, and in which order: a number beside each; empty where it has none."""

    template = "panel/standards/_steps.html"
    ALWAYS = ("guest_book", "service", "finish")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, name in STEP_NAMES.items():
            self.fields[kind] = forms.IntegerField(
                label=name, required=kind in self.ALWAYS, min_value=1, max_value=99
            )
        given = [(self.initial.get(kind) or 99, kind) for kind in STEP_NAMES]
        self.order_fields([kind for _place, kind in sorted(given, key=lambda pair: pair[0])])

    @classmethod
    def fill(cls, stored: Any) -> dict[str, Any]:
        return {step["kind"]: place for place, step in enumerate(stored or [], start=1)}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        places = sorted((place, kind) for kind, place in given.items() if place)
        order = [kind for _place, kind in places]
        for (before, _kind), (place, kind) in pairwise(places):
            if before == place:
                self.add_error(kind, _("Nomor urut ini sudah dipakai langkah lain."))
        if "finish" in order and order[-1] != "finish":
            self.add_error("finish", _("Langkah ini selalu yang terakhir."))
        for taken, back in (("card_deposit", "card_return"), ("bag_deposit", "bag_return")):
            if (taken in order) != (back in order):
                self.add_error(
                    back, _("Yang dititipkan harus dikembalikan: isi keduanya, atau kosongkan keduanya.")
                )
            elif taken in order and order.index(back) < order.index(taken):
                self.add_error(back, _("Dikembalikan sesudah dititipkan."))
        return given

    def value(self) -> list[dict[str, Any]]:
        places = sorted((place, kind) for kind, place in self.cleaned_data.items() if place)
        return [{"kind": kind, "items": []} for _place, kind in places]


class ComplaintChannels(RuleForm):
    """A row for each channel, in the office's order, and two empty ones."""

    template = "panel/standards/_channels.html"
    PARTS = ("kind", "label", "value", "person")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = self._how_many()
        for n in range(self.rows):
            choices = [("", "–"), *CHANNEL_KINDS.items()]
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=gettext_lazy("Jenis"), choices=choices, required=False
            )
            for part, label, most in (
                ("label", gettext_lazy("Nama"), 60), ("value", gettext_lazy("Nomor, alamat, atau tautan"), 300),
                ("person", gettext_lazy("Nama petugas"), 100),
            ):  # fmt: skip
                self.fields[f"{part}_{n}"] = forms.CharField(label=label, max_length=most, required=False)

    def _how_many(self) -> int:
        if self.is_bound:
            return sum(key.startswith(f"{self.prefix}-kind_") for key in self.data)
        return sum(key.startswith("kind_") for key in self.initial) + SPARE_ROWS

    @classmethod
    def fill(cls, stored: Any) -> dict[str, Any]:
        return {f"{part}_{n}": row.get(part, "") for n, row in enumerate(stored or []) for part in cls.PARTS}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for n in range(self.rows):
            if given.get(f"value_{n}") and not given.get(f"kind_{n}"):
                self.add_error(f"kind_{n}", _("Pilih jenisnya."))
            elif given.get(f"kind_{n}") and not given.get(f"value_{n}"):
                self.add_error(f"value_{n}", _("Isi, atau pilih “–” untuk menghapus saluran ini."))
        return given

    def groups(self) -> list[list[forms.BoundField]]:
        return [[self[f"{part}_{n}"] for part in self.PARTS] for n in range(self.rows)]

    def value(self) -> list[dict[str, str]]:
        rows = ({part: self.cleaned_data[f"{part}_{n}"] for part in self.PARTS} for n in range(self.rows))
        return [row for row in rows if row["kind"]]


RATING = {"rating": gettext_lazy("penilaian"), "complaint": gettext_lazy("pengaduan")}
FLAGS = (
    "queue", "identity_card", "email_onsite", "service_request", "bag_optional", "read_hardcopy", "scan_request", "lending",
    "removal_permission", "self_copying_forbidden", "search_online", "read_online", "download", "watermark",
    "ask_when_not_found",
)  # fmt: skip
FORMS: dict[str, type[RuleForm]] = {
    **{key: flag(key) for key in FLAGS},
    "location": line("location"),
    "steps": Steps,
    "guest_book": choice("guest_book", ("electronic", "electronic_or_paper", "unspecified"), "form"),
    "guest_book_fields": GuestBookFields,
    "identity_card_types": lines("identity_card_types"),
    "locker": choice("locker", ("none", "free", "card_deposit")),
    "allowed_inside": lines("allowed_inside"),
    "clock_onsite": clock(("guest_book", "previous_finished", "ticket", "arrival", "submitted")),
    "clock_online": clock(("submitted", "registration", "login")),
    "auto_close_working_days": number("auto_close_working_days", 1, 60),
    "excerpt_percent": number("excerpt_percent", 1, 100),
    "contact_online": choice("contact_online", ("none", "email", "whatsapp", "email_or_whatsapp")),
    "account_online": Account,
    "consultation_channels": several(
        "consultation_channels",
        (("portal", gettext_lazy("portal")), ("whatsapp", "WhatsApp"), ("email", gettext_lazy("e-mail"))),
    ),
    "rating_onsite": flags("rating_onsite", RATING),
    "rating_online": flags("rating_online", RATING),
    "fee": Fee,
    "products": Products,
    "complaint_channels": ComplaintChannels,
}
