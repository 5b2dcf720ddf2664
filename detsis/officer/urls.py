"""Addresses of the officers' area of DETSİS, below `/yetkili/`."""

from django.urls import path

from detsis.officer.views import bulk, central, codes, file, propose, work

urlpatterns = [
    path("birimler/", work.WorkList.as_view(), name="work"),
    path("birimler/sec/", propose.UnitOptions.as_view(), name="unit-options"),
    path("birimler/oner/<detsis_no:detsis_no>/", propose.Propose.as_view(), name="propose"),
    path("birimler/duzenleme/", central.NewDecree.as_view(), name="decree"),
    path("birimler/toplu/", bulk.Bulk.as_view(), name="bulk"),
    path("birimler/toplu/sablon.xlsx", bulk.BulkTemplate.as_view(), name="bulk-template"),
    path("birimler/toplu/<str:token>/", bulk.Check.as_view(), name="bulk-check"),
    path("birimler/toplu/<str:token>/rapor.xlsx", bulk.Report.as_view(), name="bulk-report"),
    path("birimler/dosya/<int:pk>/", file.FilePage.as_view(), name="change-set"),
    path("birimler/dosya/<int:pk>/bilgiler/", file.EditFile.as_view(), name="edit-change-set"),
    path("birimler/dosya/<int:pk>/yeni-birim/", propose.FoundInFile.as_view(), name="found"),
    path("birimler/dosya/<int:pk>/excel/", bulk.BulkInFile.as_view(), name="bulk-in-file"),
    path("birimler/dosya/<int:pk>/satir/<int:item>/", propose.EditItem.as_view(), name="edit-item"),
    path("birimler/dosya/<int:pk>/<slug:step>/", file.FileAction.as_view(), name="change-set-step"),
    path("birimler/kayit/<int:pk>/geri-al/", central.Void.as_view(), name="void-change"),
    path("birimler/kayit/<int:pk>/duzelt/", central.Correct.as_view(), name="correct-change"),
    path("kodlar/", codes.CodeTables.as_view(), name="code-tables"),
    path("kodlar/<slug:table>/", codes.CodeList.as_view(), name="codes"),
    path("kodlar/<slug:table>/<slug:code>/", codes.CodeEdit.as_view(), name="code"),
]
