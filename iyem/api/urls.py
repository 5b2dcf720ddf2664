"""Addresses of İYEM's API, below `/api/v1/`."""

from django.urls import path

from iyem.api import appointments, authority

urlpatterns = [
    path(
        "signing-authority/", authority.SigningAuthorityView.as_view(), name="api-signing-authority"
    ),
    path("managers/<int:manager_code>/", appointments.ManagerView.as_view(), name="api-manager"),
    path("appointments/", appointments.AppointmentListView.as_view(), name="api-appointments"),
    path("appointments/<int:pk>/", appointments.AppointmentView.as_view(), name="api-appointment"),
    path(
        "appointments/<int:pk>/end/",
        appointments.EndAppointmentView.as_view(),
        name="api-appointment-end",
    ),
]
