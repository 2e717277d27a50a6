"""Routes of merging two accounts of one person."""

from django.urls import URLPattern, path

from accounts.views import merges

urlpatterns: list[URLPattern] = [
    path("people/merge/", merges.find, name="merge-find"),
    path("people/merge/compare/", merges.compare, name="merge-compare"),
    path("people/merge/<int:pk>/", merges.show, name="merge"),
    path("people/merge/<int:pk>/undo/", merges.undo, name="merge-undo"),
]
