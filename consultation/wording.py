"""What somebody without an account agrees to when they ask. A new text is a new version; old consents keep theirs."""

from django.utils.translation import gettext_lazy as _

WORDINGS = {
    1: _(
        "Nama dan kontak Anda disimpan kantor BPS yang Anda pilih untuk menjawab pertanyaan ini, paling lama dua tahun, "
        "lalu dihapus. Setiap pembacaan oleh petugas dicatat. Anda dapat melihat, memperbaiki, atau menghapusnya kapan "
        "saja di halaman “Data saya” kantor itu. Saya setuju."
    ),
}
VERSION = max(WORDINGS)
