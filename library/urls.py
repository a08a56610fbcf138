from django.urls import path

from library.views import export, imports, publication, search, shelf, statistics, stock, use

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
    path("panel/impor/", imports.imports, name="imports"),
    path("panel/impor/sumber/", imports.new_source, name="import_sources"),
    path("panel/impor/sumber/<int:pk>/<slug:action>/", imports.source, name="import_source"),
    path("panel/impor/<int:pk>/", imports.one, name="import"),
    path("panel/impor/<int:pk>/kesalahan.csv", imports.errors, name="import_errors"),
    path("panel/impor/<int:pk>/<slug:action>/", imports.act, name="import_act"),
    path("meja/pustaka/opname/", stock.stocks, name="stocks"),
    path("meja/pustaka/opname/<int:pk>/", stock.take, name="stock"),
    path("meja/pustaka/opname/<int:pk>/kemajuan/", stock.progress, name="stock_progress"),
    path("meja/pustaka/opname/<int:pk>/selisih/", stock.report, name="stock_report"),
    path("meja/pustaka/opname/<int:pk>/selisih.<str:form>", stock.file, name="stock_file"),
    path("meja/pustaka/opname/<int:pk>/batal/", stock.cancel, name="stock_cancel"),
    path("meja/pustaka/statistik/", statistics.uses, name="statistics"),
    path("meja/pustaka/statistik/dicari/", statistics.sought, name="sought"),
    path("meja/pustaka/statistik/tidak-dipakai/", statistics.unused, name="unused"),
    path("meja/pustaka/statistik/<slug:what>.csv", statistics.file, name="statistics_file"),
    path("meja/perpustakaan/<int:pk>/", use.use, name="use"),
]
