from django import forms
from django.utils.translation import gettext_lazy as _

STARS = [(1, _("Sangat kurang")), (2, _("Kurang")), (3, _("Cukup")), (4, _("Baik")), (5, _("Sangat baik"))]


class RatingForm(forms.Form):
    """One tap; the word is optional."""

    stars = forms.TypedChoiceField(label=_("Nilai"), choices=STARS, coerce=int, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("Catatan (boleh kosong)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
