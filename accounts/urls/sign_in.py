"""Routes of sign-in services, suspension and the second step."""

from django.urls import URLPattern, path

from accounts.views import sign_in, sign_in_services, suspension

_SERVICE = "sign-in-services/<slug:slug>/"
_PERSON = "people/<uuid:public_id>/"
urlpatterns: list[URLPattern] = [
    path("second-step/", sign_in.second_step, name="second-step"),
    path("sessions/<int:pk>/end/", sign_in.end_session, name="end-session"),
    path("sign-in-services/", sign_in_services.service_list, name="sign-in-services"),
    path("sign-in-services/add/", sign_in_services.add, name="sign-in-service-add"),
    path("sign-in-services/linked/<int:pk>/remove/", sign_in.unlink_service, name="unlink-service"),
    path(_SERVICE, sign_in_services.service, name="sign-in-service"),
    path(f"{_SERVICE}change/", sign_in_services.change, name="sign-in-service-change"),
    path(f"{_SERVICE}switch/", sign_in_services.switch, name="sign-in-service-switch"),
    path(f"{_SERVICE}test/", sign_in_services.test, name="sign-in-service-test"),
    path("people/sign-in/", suspension.find, name="find-sign-in"),
    path(f"{_PERSON}suspend/", suspension.suspend, name="suspend-person"),
    path(f"{_PERSON}restore/", suspension.restore, name="restore-person"),
    path(f"{_PERSON}second-step/reset/", suspension.reset_second_step, name="reset-second-step"),
    path(f"{_PERSON}password/forget/", suspension.forget_password, name="forget-password"),
]
