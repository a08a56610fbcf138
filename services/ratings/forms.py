from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.ratings import reasons

STARS = [(1, _("Sangat kurang")), (2, _("Kurang")), (3, _("Cukup")), (4, _("Baik")), (5, _("Sangat baik"))]


def comment_field() -> forms.CharField:
    return forms.CharField(
        label=_("Catatan (boleh kosong)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RatingForm(forms.Form):
    """One tap; the word is optional."""

    stars = forms.TypedChoiceField(label=_("Nilai"), choices=STARS, coerce=int, widget=forms.RadioSelect)
    comment = comment_field()


def chosen(wanted: str) -> dict[str, int]:
    """The star that a link in a mail named (`?n=4`), as a form's first value; nothing for anything else."""
    return {"stars": int(wanted)} if wanted in {str(score) for score, _words in STARS} else {}


class WhyForm(forms.Form):
    """After the tap: why, if somebody likes to say."""

    reasons = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    comment = comment_field()

    def __init__(self, stars: int, *args: Any, chips: bool = True, **more: Any) -> None:
        """`chips`: the office asks for reasons; else there is the word alone."""
        super().__init__(*args, **more)
        if not chips:
            del self.fields["reasons"]
            return
        self._offer(stars)

    def _offer(self, stars: int) -> None:
        chips: Any = self.fields["reasons"]
        chips.label = _("Apa yang baik?") if stars >= reasons.GOOD else _("Apa yang kurang?")
        chips.choices = reasons.offered(stars)
