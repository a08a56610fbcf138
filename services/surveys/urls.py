from django.urls import path, re_path

from services.surveys.views import panel, paper, plans, public, settings

app_name = "surveys"
urlpatterns = [
    path("meja/survei/kertas/", paper.paper, name="paper"),
    re_path(r"^meja/survei/kertas/(?P<pk>[0-9]{1,18})/tarik/$", paper.take_back, name="take_back"),
    path("panel/survei/", panel.panel, name="panel"),
    path("panel/survei/aturan/", settings.settings, name="settings"),
    path("panel/survei/tindak-lanjut/", plans.plans, name="plans"),
    re_path(r"^panel/survei/tindak-lanjut/(?P<pk>[0-9]{1,18})/$", plans.plan_act, name="plan_act"),
    path("panel/survei/laporan.pdf", panel.report_pdf, name="report"),
    re_path(r"^panel/survei/(?P<what>isian|kebutuhan)\.(?P<form>csv|xlsx)$", panel.export, name="export"),
    path("panel/survei/terbitkan/", panel.publish, name="publish"),
    re_path(r"^panel/survei/terbit/(?P<pk>[0-9]{1,18})/tarik/$", panel.withdraw, name="withdraw"),
    re_path(r"^(?P<code>[0-9]{4})/survei/$", public.results, name="results"),
    re_path(
        r"^(?P<code>[0-9]{4})/survei/(?P<pk>[0-9]{1,18})/laporan\.pdf$", public.result_pdf, name="result_pdf"
    ),
]
