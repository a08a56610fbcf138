from django.urls import path

from library.views import aside, export, holds, out, publication, rules, scans, search, shelf, use

app_name = "library"
urlpatterns = [
    path("cari/", search.search, name="search"),
    path("cari/saran/", search.suggest, name="suggest"),
    path("cari/tanya/", search.ask, name="ask"),
    path("pustaka/<int:pk>/<slug:slug>/", publication.publication, name="publication"),
    path("pustaka/<int:pk>.<str:form>", export.one, name="export"),
    path("oai/", export.oai_pmh, name="oai"),
    path("opds/", export.opds_root, name="opds"),
    path("opds/daftar/", export.opds_list, name="opds_list"),
    path("opds/cari.xml", export.opds_search, name="opds_search"),
    path("meja/pustaka/", shelf.shelf, name="shelf"),
    path("meja/pustaka/<int:pk>/<slug:action>/", shelf.act, name="shelf_act"),
    path("meja/pustaka/judul/<int:pk>/", holds.title, name="title"),
    path("meja/pustaka/pesanan/", holds.holds, name="holds"),
    path("meja/pustaka/pesanan/<int:pk>/<slug:action>/", holds.act, name="hold_act"),
    path("meja/pustaka/hubungi/<slug:what>/<int:pk>/", out.call, name="call"),
    path("meja/pustaka/pindaian/", scans.scans, name="scans"),
    path("meja/pustaka/pindaian/<int:pk>/<slug:action>/", scans.act, name="scan_act"),
    path("meja/pustaka/tidak-di-rak/", aside.aside, name="aside"),
    path("meja/pustaka/tidak-di-rak/<int:pk>/<slug:action>/", aside.act, name="aside_act"),
    path("panel/peminjaman/", rules.lending, name="lending"),
    path("meja/perpustakaan/<int:pk>/", use.use, name="use"),
]
