"""Addresses of the desk, below `/yetkili/iyem/`. None of them ever holds a national id."""

from django.urls import URLPattern, URLResolver, path

from iyem.officer.views import acts, bulk, curricula, lists, lookups, people, register, unit, work

urlpatterns: list[URLPattern | URLResolver] = [
    path("", work.Work.as_view(), name="work"),
    path("birimler/", work.DeskUnits.as_view(), name="desk-units"),
    path("kayit/", register.Register.as_view(), name="register"),
    path("birim-sec/", lookups.UnitOptions.as_view(), name="unit-options"),
    path("yonetici-sec/", lookups.ManagerOptions.as_view(), name="manager-options"),
    path("birim/<detsis_no:detsis_no>/", unit.UnitDesk.as_view(), name="desk-unit"),
    path("birim/<detsis_no:detsis_no>/vekalet/", register.RegisterProxy.as_view(), name="proxy"),
    path("birim/<detsis_no:detsis_no>/yardimcilar/", unit.Deputies.as_view(), name="deputies"),
    path("birim/<detsis_no:detsis_no>/yardimci/", unit.OpenDeputy.as_view(), name="open-deputy"),
    path("birim/<detsis_no:detsis_no>/bag-bitir/", unit.Unlink.as_view(), name="unlink"),
    path("gorev/<int:pk>/bitir/", acts.EndAppointment.as_view(), name="end-appointment"),
    path("gorev/<int:pk>/duzelt/", acts.CorrectAppointment.as_view(), name="correct-appointment"),
    path(
        "gorev/<int:pk>/geri-al/", acts.WithdrawAppointment.as_view(), name="withdraw-appointment"
    ),
    path("gorev/<int:pk>/izin/", acts.RecordAbsence.as_view(), name="absence"),
    path("izin/<int:pk>/degistir/", acts.ChangeAbsence.as_view(), name="change-absence"),
    path("izin/<int:pk>/geri-al/", acts.WithdrawAbsence.as_view(), name="withdraw-absence"),
    path("yonetici/<int:manager_code>/", people.DeskManager.as_view(), name="desk-manager"),
    path("toplu/", bulk.Bulk.as_view(), name="bulk"),
    path("toplu/sablon.xlsx", bulk.BulkTemplate.as_view(), name="bulk-template"),
    path("toplu/<str:token>/", bulk.Check.as_view(), name="bulk-check"),
    path("toplu/<str:token>/rapor.xlsx", bulk.Report.as_view(), name="bulk-report"),
    path("teyit/", lists.Lists.as_view(), name="lists"),
    path("teyit/<detsis_no:detsis_no>/", lists.Confirm.as_view(), name="confirm"),
    path("eski-adlar/", lists.Legacy.as_view(), name="legacy"),
    path("eski-adlar/<int:pk>/", lists.RestoreLegacy.as_view(), name="restore-legacy"),
    path("ozgecmis/", curricula.Curricula.as_view(), name="curricula"),
    path("ozgecmis/<int:pk>/", curricula.CurriculumPage.as_view(), name="curriculum"),
    path("ozgecmis/<int:pk>/riza/", curricula.WithdrawConsent.as_view(), name="withdraw-consent"),
    path(
        "ozgecmis/<int:pk>/<slug:part>/", curricula.CurriculumFile.as_view(), name="curriculum-file"
    ),
    path(
        "yonetici/<int:manager_code>/ozgecmis/",
        curricula.SubmitCurriculum.as_view(),
        name="submit-curriculum",
    ),
]
