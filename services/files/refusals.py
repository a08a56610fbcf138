"""Why a file is not taken, in words for whoever brought it. The code is stored with the file, the words are not."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "empty": _("Berkas ini kosong."),
    "too_large": _("Berkas ini terlalu besar."),
    "too_many": _("Terlalu banyak berkas dalam satu pesan."),
    "kind": _("Jenis berkas ini tidak diterima. Kirim PDF, gambar, dokumen Office, CSV, atau teks."),
    "archive": _("Arsip (ZIP dan sejenisnya) tidak diterima. Kirim berkasnya satu per satu."),
    "macro": _("Berkas ini membawa program (makro). Simpan tanpa makro, lalu kirim lagi."),
    "password": _("Berkas ini dikunci dengan kata sandi, jadi tidak dapat diperiksa."),
    "damaged": _("Berkas ini rusak dan tidak dapat dibuka."),
    "bomb": _("Isi berkas ini terlalu besar untuk dibuka."),
    "virus": _("Pemeriksa virus menemukan sesuatu yang berbahaya di berkas ini."),
    "not_scanned": _("Pemeriksa virus tidak dapat memastikan berkas ini aman."),
    "fetching": _("Berkas ini masih diambil dari WhatsApp."),
    "not_fetched": _("Berkas ini tidak dapat diambil dari WhatsApp. Minta pengirim mengirimnya lagi."),
    "gone": _("Berkas ini tidak ada lagi di tempat penyimpanan."),
}


def words(code: str) -> str:
    return str(WORDS.get(code, WORDS["kind"]))
