from django.urls import path

from pst.panel import below_page, insight, mail, mail_in, ratings, whatsapp
from pst.panel.offices import views as offices
from pst.panel.promises import public as promise_public
from pst.panel.promises import views as promises
from pst.panel.standards import edit, look, new, publish, versions
from pst.panel.today import views as today
from pst.panel.trace import views as trace

app_name = "panel"
urlpatterns = [
    path("panel/", today.today, name="today"),
    path("panel/kantor/", offices.offices, name="offices"),
    path("panel/janji/", promises.promises, name="promises"),
    path("panel/janji/publik/", promise_public.promise_public, name="promise_public"),
    path("panel/janji/<slug:key>/", promises.promise, name="promise"),
    path("panel/janji/<slug:key>/kasus/", promises.promise_cases, name="promise_cases"),
    path("panel/jejak/", trace.trace, name="trace"),
    path("panel/jejak/unduh/", trace.trace_file, name="trace_file"),
    path("panel/jejak/ekspor/", trace.exports, name="exports"),
    path("panel/jejak/pengaturan/", trace.changes, name="changes"),
    path("panel/jejak/pengaturan/<int:pk>/kembali/", trace.change_undo, name="change_undo"),
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
