"""What the guest book asks, field by field: its columns, its lists, and how a phone number is read."""

from __future__ import annotations

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.guestbook.models import DataNeed, ReferenceItem

PERSON = (
    "name",
    "email",
    "email_waiver",
    "phone",
    "gender",
    "birth_year",
    "assistance",
    "education",
    "job",
    "institution",
    "institution_category",
)
REFERENCES = {
    "gender": ReferenceItem.List.GENDER,
    "education": ReferenceItem.List.EDUCATION,
    "job": ReferenceItem.List.JOB,
    "institution_category": ReferenceItem.List.INSTITUTION,
    "use_of_data": ReferenceItem.List.USE,
    "card_type": ReferenceItem.List.CARD,
}
# What an office may ask for otherwise than usual (rule "guest_book_fields"); name and consent always are asked.
CONFIGURABLE = {
    *(set(PERSON) - {"name", "email_waiver"}), "use_of_data", "complained_before", "companions", "needs",
}  # fmt: skip
CONTACTS = ("email", "email_waiver", "phone")
OLDEST = 120
ADULT_AT = 18  # UU 27/2022 art. 25 with UU 35/2014 art. 1: a child is younger than 18
MOST_NEEDS = 5
MOST_COMPANIONS = 200
YES_NO = [("yes", gettext_lazy("Pernah")), ("no", gettext_lazy("Belum pernah"))]
NO_GUARDIAN = "none"
CONSENT_CHOICES = [
    ("yes", gettext_lazy("Ya, saya setuju")),
    ("no", gettext_lazy("Tidak; layani saya tanpa mencatat data pribadi")),
]


def need_fields() -> dict[str, forms.CharField]:
    """The parts of one row of data somebody looks for; the columns say how long each may be."""
    words = {
        "subject": (gettext_lazy("Data apa"), gettext_lazy("Misalnya: penduduk menurut umur")),
        "region": (gettext_lazy("Wilayah"), gettext_lazy("Misalnya: Kolaka Timur")),
        "years": (gettext_lazy("Tahun"), gettext_lazy("Misalnya: 2020–2024")),
    }
    return {
        part: forms.CharField(
            label=label,
            help_text=example,
            required=False,
            max_length=DataNeed._meta.get_field(part).max_length,  # type: ignore[union-attr]
        )
        for part, (label, example) in words.items()
    }


def clean_phone(typed: str) -> str:
    """Any country's number, stored as +62…; Indonesian ones may be typed as at home. Raises ValidationError."""
    if not typed:
        return ""
    try:
        number = phonenumbers.parse(typed, "ID")
    except phonenumbers.NumberParseException:
        number = None
    # "Possible" in the library also means long enough for a call within one town, which nobody can ring from here.
    whole = phonenumbers.ValidationResult.IS_POSSIBLE
    if number is None or phonenumbers.is_possible_number_with_reason(number) != whole:
        raise ValidationError(_("Nomor ini tidak lengkap. Contoh: 0812 3456 7890 atau +60 12 345 6789."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clean_birth_year(year: int | None, this_year: int) -> int | None:
    """Somebody who may be alive. Raises ValidationError."""
    if year is not None and not this_year - OLDEST <= year <= this_year:
        between = {"from": this_year - OLDEST, "to": this_year}
        raise ValidationError(_("Tahun lahir antara %(from)s dan %(to)s.") % between)
    return year
