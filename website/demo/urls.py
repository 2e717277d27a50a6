"""Routes of the demo; importing them outside demo mode is refused."""

from django.urls import URLPattern, path

from website.demo.guard import require_demo
from website.demo.views import demo_sign_in

require_demo()

urlpatterns: list[URLPattern] = [
    path("demo/sign-in/", demo_sign_in, name="demo-sign-in"),
]
