"""Routes of sign-in services, suspension and the second step."""

from django.urls import URLPattern, path

from accounts.views import sign_in

urlpatterns: list[URLPattern] = [
    path("second-step/", sign_in.second_step, name="second-step"),
    path("sessions/<int:pk>/end/", sign_in.end_session, name="end-session"),
]
