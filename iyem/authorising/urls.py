"""Addresses about officers, campaigns and coverage, below `/yetkili/iyem/`."""

from django.urls import URLPattern, URLResolver, path

from iyem.authorising.views import applications, bulk, campaigns, coverage, officers

urlpatterns: list[URLPattern | URLResolver] = [
    path("yetkililer/", officers.OfficerList.as_view(), name="officers"),
    path("yetkililer/eksik/", officers.ShortPlaces.as_view(), name="short-places"),
    path("yetkililer/<int:pk>/kaldir/", officers.Revoke.as_view(), name="revoke-officer"),
    path("basvurular/", applications.Applications.as_view(), name="applications"),
    path("basvurular/karar/", applications.DecideApplications.as_view(), name="decide"),
    path("basvurular/yeni/", applications.Apply.as_view(), name="apply"),
    path("basvurular/yer-sec/", applications.Places.as_view(), name="application-places"),
    path("basvurular/toplu/", bulk.Upload.as_view(), name="applications-bulk"),
    path("basvurular/toplu/sablon.xlsx", bulk.Template.as_view(), name="applications-template"),
    path("basvurular/toplu/<str:token>/", bulk.Check.as_view(), name="applications-check"),
    path(
        "basvurular/toplu/<str:token>/rapor.xlsx", bulk.Report.as_view(), name="applications-report"
    ),
    path(
        "basvurular/yazi/<detsis_no:detsis_no>/<slug:role>.pdf",
        applications.Letter.as_view(),
        name="application-letter",
    ),
    path("basvurular/<int:pk>/", applications.Application.as_view(), name="application"),
    path("kampanyalar/", campaigns.Campaigns.as_view(), name="campaigns"),
    path("kampanyalar/yeni/", campaigns.NewCampaign.as_view(), name="new-campaign"),
    path("kampanyalar/<int:pk>/", campaigns.CampaignPage.as_view(), name="campaign"),
    path("kampanyalar/<int:pk>/duzenle/", campaigns.EditCampaign.as_view(), name="edit-campaign"),
    path("kampanyalar/<int:pk>/eksik/", campaigns.MissingUnits.as_view(), name="campaign-missing"),
    path("kampanyalar/<int:pk>/rapor.pdf", campaigns.CampaignPdf.as_view(), name="campaign-pdf"),
    path("kampanyalar/<int:pk>/rapor.xlsx", campaigns.CampaignXlsx.as_view(), name="campaign-xlsx"),
    path("kapsama/", coverage.Coverage.as_view(), name="coverage"),
    path("kapsama/iller/", coverage.CoverageProvinces.as_view(), name="coverage-provinces"),
    path("kapsama/birimler/", coverage.CoverageUnits.as_view(), name="coverage-units"),
    path("kapsama/<detsis_no:detsis_no>/", coverage.CoverageOf.as_view(), name="coverage-of"),
]
