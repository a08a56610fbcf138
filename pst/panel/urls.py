from django.urls import path

from pst.panel import below_page, insight, mail, mail_in, ratings, whatsapp
from pst.panel.standards import edit, look, new, publish, versions

app_name = "panel"
urlpatterns = [
    path("panel/", versions.standards, name="today"),
    path("panel/standar/", versions.standards, name="standards"),
    path("panel/standar/baru/", new.new, name="standard_new"),
    path("panel/standar/<int:pk>/", versions.standard, name="standard"),
    path("panel/standar/<int:pk>/konfirmasi/", versions.confirm, name="confirm"),
    path("panel/standar/<int:pk>/tindakan/", versions.act, name="standard_act"),
    path("panel/standar/<int:pk>/ubah/", edit.edit, name="standard_edit"),
    path("panel/standar/<int:pk>/ubah/<slug:section>/", edit.section, name="standard_section"),
    path("panel/standar/<int:pk>/terbitkan/", publish.publish, name="standard_publish"),
    path("panel/standar/<int:pk>/beda/", look.compare, name="standard_compare"),
    path("panel/standar/<int:pk>/pratinjau/", look.preview, name="standard_preview"),
    path("panel/standar/<int:pk>/poster.pdf", look.poster, name="standard_poster"),
    path("panel/surat/", mail.outgoing, name="mail"),
    path("panel/surat/<int:pk>/", mail.outgoing_act, name="mail_act"),
    path("panel/surat/contoh/", mail.mail_kinds, name="mail_kinds"),
    path("panel/surat/contoh/<slug:kind>/", mail.mail_kind, name="mail_kind"),
    path("panel/surat/contoh/<slug:kind>/<slug:language>/", mail.mail_html, name="mail_html"),
    path("panel/penilaian/", ratings.ratings, name="ratings"),
    path("panel/semua-kantor/", below_page.offices, name="below"),
    path("panel/wawasan/", insight.panel_insight, name="insight"),
    path("panel/whatsapp/", whatsapp.messages, name="whatsapp"),
    path("panel/whatsapp/<int:pk>/", whatsapp.act, name="whatsapp_act"),
    path("panel/whatsapp/masuk/<int:pk>/", whatsapp.came_again, name="whatsapp_in"),
    path("panel/surat-masuk/", mail_in.incoming, name="mail_in"),
    path("panel/surat-masuk/<int:pk>/", mail_in.incoming_act, name="mail_in_act"),
    path("panel/surat-masuk/<int:pk>/utuh/", mail_in.incoming_whole, name="mail_in_whole"),
]
