from django.urls import path

from library.views import catalogue, collection, copies, export, labels, publication, search, shelf, use

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
    path("meja/pustaka/koleksi/", collection.collection, name="collection"),
    path("meja/pustaka/publikasi/baru/", catalogue.new, name="publication_new"),
    path("meja/pustaka/publikasi/<int:pk>/", catalogue.edit, name="publication_edit"),
    path("meja/pustaka/publikasi/<int:pk>/eksemplar/", copies.add, name="copies_add"),
    path("meja/pustaka/publikasi/<int:pk>/sampul/<slug:action>/", catalogue.cover, name="cover"),
    path("meja/pustaka/eksemplar/<int:pk>/", copies.copy, name="copy"),
    path("meja/pustaka/eksemplar/<int:pk>/<slug:action>/", copies.act, name="copy_act"),
    path("meja/pustaka/seri/<int:pk>/", catalogue.series, name="series"),
    path("meja/pustaka/usul/<slug:what>/", catalogue.suggest_options, name="suggest_options"),
    path("meja/pustaka/label/", labels.labels, name="labels"),
    path("sampul/<str:name>", catalogue.cover_picture, name="cover_picture"),
    path("meja/perpustakaan/<int:pk>/", use.use, name="use"),
]
