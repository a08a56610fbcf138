from django.urls import path

from library.views import publication, search, use

app_name = "library"
urlpatterns = [
    path("cari/", search.search, name="search"),
    path("cari/saran/", search.suggest, name="suggest"),
    path("cari/tanya/", search.ask, name="ask"),
    path("pustaka/<int:pk>/<slug:slug>/", publication.publication, name="publication"),
    path("meja/perpustakaan/<int:pk>/", use.use, name="use"),
]
