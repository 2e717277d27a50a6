"""Routes of sign-in services, suspension and the second step."""

from django.urls import URLPattern, path

from accounts.views import sign_in

urlpatterns: list[URLPattern] = [
    path("second-step/", sign_in.second_step, name="second-step"),
    path("sign-in-services/linked/<int:pk>/remove/", sign_in.unlink_service, name="unlink-service"),
    path("sessions/<int:pk>/end/", sign_in.end_session, name="end-session"),
]
