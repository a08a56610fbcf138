from django import forms
from django.utils.translation import gettext_lazy as _

from services.codes import new_key


class ComplaintForm(forms.Form):
    """Short, without an account; name and contact may stay empty."""

    key = forms.CharField(max_length=40, required=False, initial=new_key, widget=forms.HiddenInput)

    text = forms.CharField(
        label=_("Apa yang ingin Anda sampaikan?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6})
    )
    contact_name = forms.CharField(label=_("Nama (boleh kosong)"), max_length=120, required=False)
    contact = forms.CharField(
        label=_("E-mail atau nomor WhatsApp (boleh kosong)"),
        max_length=254,
        required=False,
        help_text=_(
            "Diisi jika Anda ingin kami hubungi. Tanpa ini, tanggapan dapat dilihat dengan nomor pengaduan."
        ),
    )


class StatusForm(forms.Form):
    number = forms.CharField(label=_("Nomor pengaduan"), max_length=20)
    secret = forms.CharField(label=_("Kode rahasia"), max_length=40)


class ReplyForm(forms.Form):
    reply = forms.CharField(label=_("Tanggapan"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
