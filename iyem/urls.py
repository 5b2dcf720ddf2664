"""Addresses of İYEM: the public ones here, the officers' in `officer`, the centre's in
`authorising`."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "iyem"

urlpatterns: list[URLPattern | URLResolver] = [
    path("yetkili/iyem/", include("iyem.officer.urls")),
    path("yetkili/iyem/", include("iyem.authorising.urls")),
]
