"""What the library says about a file of a publication, to the person who brought it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REFUSED = {
    "empty": gettext_lazy("Berkas ini kosong. Periksa berkas aslinya, lalu unggah lagi."),
    "not_pdf": gettext_lazy("Ini bukan berkas PDF. Simpan dokumennya sebagai PDF, lalu unggah lagi."),
    "too_large": gettext_lazy(
        "Berkas ini %(megabytes)s MB; batasnya %(most)s MB. Perkecil gambarnya atau bagi menjadi beberapa jilid."
    ),
    "too_many_pages": gettext_lazy(
        "Berkas ini %(pages)s halaman; batasnya %(most)s. Bagi menjadi beberapa jilid."
    ),
    "no_pages": gettext_lazy("Tidak ada halaman di dalam berkas ini. Ekspor lagi dari dokumen aslinya."),
    "password": gettext_lazy(
        "Berkas ini terkunci kata sandi. Buka dengan kata sandinya, simpan tanpa kata sandi, lalu unggah lagi."
    ),
    "protected": gettext_lazy(
        "Berkas ini dilindungi sistem penerbit yang tidak dapat dibuka di sini. Minta berkas tanpa perlindungan."
    ),
    "dynamic_form": gettext_lazy(
        "Ini formulir XFA yang halamannya baru dibuat oleh Adobe Reader. Cetak ke PDF dari Adobe Reader, lalu unggah "
        "hasilnya."
    ),
    "damaged": gettext_lazy(
        "Berkas ini rusak dan tidak dapat dibaca. Salin atau ekspor lagi dari aslinya, lalu unggah lagi."
    ),
    "bomb": gettext_lazy(
        "Isi berkas ini mengembang jauh melebihi ukuran publikasi. Ekspor lagi dari dokumen aslinya dengan gambar yang "
        "lebih kecil."
    ),
    "too_slow": gettext_lazy(
        "Berkas ini terlalu rumit: pembacaannya tidak selesai pada waktunya. Sederhanakan atau bagi berkasnya, lalu unggah lagi."
    ),
    "page_size": gettext_lazy(
        "Halaman %(page)s berukuran %(width)s × %(height)s poin, di luar ukuran yang dapat dibaca atau dicetak. "
        "Perbaiki ukuran halaman itu, lalu unggah lagi."
    ),
    "duplicate": gettext_lazy("Isi berkas ini sama dengan softcopy yang sudah ada: %(name)s."),
    "duplicate_elsewhere": gettext_lazy(
        "Berkas ini belum dapat diterima: berkas dengan isi yang sama sudah ada. Tanyakan kepada administrator."
    ),
    "virus": gettext_lazy(
        "Pemindai virus menolak berkas ini (%(name)s). Bersihkan komputer asalnya, lalu minta berkas baru dari sumbernya."
    ),
    "not_scanned": gettext_lazy(
        "Pemindai virus tidak dapat memastikan berkas ini bersih, jadi berkas tidak dipakai. Beri tahu petugas TI."
    ),
    "gone": gettext_lazy("Berkas yang disimpan tidak ada lagi. Unggah sekali lagi."),
}

NOTES = {
    "annotations": gettext_lazy("Catatan dan cap di atas halaman dijadikan bagian halaman."),
    "attachments": gettext_lazy("Berkas lampiran di dalamnya dibuang."),
    "balanced": gettext_lazy("Perintah gambar yang tidak ditutup sudah ditutup."),
    "forms": gettext_lazy("Formulir dijadikan bagian halaman."),
    "forms_empty": gettext_lazy("Isian formulirnya tidak dapat digambar; periksa halamannya."),
    "launch": gettext_lazy("Perintah yang menjalankan program dibuang."),
    "media": gettext_lazy("Film, suara, dan 3D dibuang."),
    "owner_password": gettext_lazy("Pembatasan dengan kata sandi pemilik dibuang."),
    "page_size": gettext_lazy("Halaman tanpa ukuran diberi ukuran yang lazim; periksa halamannya."),
    "remote": gettext_lazy("Rujukan ke berkas dan server lain dibuang."),
    "repaired": gettext_lazy(
        "Susunan berkasnya rusak dan sudah diperbaiki; periksa apakah semua halaman ada."
    ),
    "scripts": gettext_lazy("Skrip di dalamnya dibuang."),
    "unreadable": gettext_lazy("Sebagian isi halaman tidak terbaca; periksa halamannya."),
}


def said(code: str, values: dict[str, Any]) -> str:
    """Why a file was refused and what to do, for library.pdf.faults.Refused. A code nobody knows counts as damaged."""
    try:
        return str(REFUSED[code]) % values
    except (KeyError, ValueError, TypeError):
        return _(
            "Berkas ini rusak dan tidak dapat dibaca. Salin atau ekspor lagi dari aslinya, lalu unggah lagi."
        )


def noted(code: str) -> str:
    """What intake changed (examine.NOTES)."""
    return str(NOTES.get(code, code))
