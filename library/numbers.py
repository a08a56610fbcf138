"""ISBN and ISSN: checked by their own check digit (python-stdnum), stored in one spelling."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum import isbn, issn
from stdnum.exceptions import ValidationError as Wrong


def clean_isbn(typed: str) -> str:
    """As printed, with hyphens ("978-602-438-123-4"). Raises ValidationError."""
    if not typed.strip():
        return ""
    try:
        return isbn.format(isbn.validate(typed))
    except Wrong:
        raise ValidationError(_("ISBN ini tidak benar: periksa angkanya satu per satu.")) from None


def clean_issn(typed: str) -> str:
    """As 2714-917X. Raises ValidationError."""
    if not typed.strip():
        return ""
    try:
        return issn.format(issn.validate(typed))
    except Wrong:
        raise ValidationError(_("ISSN ini tidak benar: periksa angkanya satu per satu.")) from None


def valid_isbn(value: str) -> None:
    clean_isbn(value)


def valid_issn(value: str) -> None:
    clean_issn(value)
