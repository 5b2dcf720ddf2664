"""Addresses of İYEM: the public ones here, the officers' in `officer`, the centre's in
`authorising`."""

from django.urls import URLPattern, URLResolver, include, path

from detsis import urls as _detsis  # noqa: F401 — registers the converter of organisation numbers
from iyem.views import curriculum, manager, verify

app_name = "iyem"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("iyem.api.urls")),
    path("imza-yetkisi/", verify.verify, name="verify"),
    path("yonetici/<int:manager_code>/", manager.manager, name="manager"),
    path("yonetici/<int:manager_code>/ozgecmis/", curriculum.curriculum, name="manager-curriculum"),
    path(
        "yonetici/<int:manager_code>/ozgecmis/<slug:part>/",
        curriculum.curriculum_file,
        name="manager-curriculum-file",
    ),
    path("yetkili/iyem/", include("iyem.officer.urls")),
    path("yetkili/iyem/", include("iyem.authorising.urls")),
]
