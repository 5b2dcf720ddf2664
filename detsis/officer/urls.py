"""Addresses of the officers' area of DETSİS, below `/yetkili/`."""

from django.urls import path

from detsis.officer import bulk_views, central_views, code_views, views

urlpatterns = [
    path("birimler/", views.WorkList.as_view(), name="work"),
    path("birimler/oner/<detsis_no:detsis_no>/", views.Propose.as_view(), name="propose"),
    path("birimler/duzenleme/", central_views.NewDecree.as_view(), name="decree"),
    path("birimler/toplu/", bulk_views.Bulk.as_view(), name="bulk"),
    path("birimler/toplu/sablon.xlsx", bulk_views.BulkTemplate.as_view(), name="bulk-template"),
    path("birimler/dosya/<int:pk>/", views.FilePage.as_view(), name="change-set"),
    path("birimler/dosya/<int:pk>/birim/", views.PickUnit.as_view(), name="pick-unit"),
    path(
        "birimler/dosya/<int:pk>/<slug:step>/", views.FileAction.as_view(), name="change-set-step"
    ),
    path("birimler/kayit/<int:pk>/geri-al/", central_views.Correct.as_view(), name="void-change"),
    path("kodlar/", code_views.CodeTables.as_view(), name="code-tables"),
    path("kodlar/<slug:table>/", code_views.CodeList.as_view(), name="codes"),
    path("kodlar/<slug:table>/<slug:code>/", code_views.CodeEdit.as_view(), name="code"),
]
