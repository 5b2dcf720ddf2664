"""Addresses of the editors' area of KMS, below `/yetkili/`."""

from django.urls import path

from kms.officer import relations, texts, work

urlpatterns = [
    path("mevzuat/", work.WorkList.as_view(), name="work"),
    path("mevzuat/yeni/", work.NewInstrument.as_view(), name="new"),
    path("mevzuat/<int:pk>/", work.Manage.as_view(), name="manage"),
    path("mevzuat/<int:pk>/kunye/", work.EditInstrument.as_view(), name="edit"),
    path("mevzuat/<int:pk>/metin/", texts.NewText.as_view(), name="new-text"),
    path("mevzuat/<int:pk>/iliskiler/", relations.BulkRelations.as_view(), name="bulk-relations"),
    path("mevzuat/metin/<int:version>/", texts.TextPage.as_view(), name="text"),
    path("mevzuat/metin/<int:version>/duzenle/", texts.EditText.as_view(), name="edit-text"),
    path("mevzuat/metin/<int:version>/<slug:step>/", texts.TextStep.as_view(), name="text-step"),
    path("mevzuat/iliski/<int:relation>/", relations.Undo.as_view(), name="undo-relation"),
]
