"""Routes of lists of staff."""

from django.urls import URLPattern, path

from accounts.views import staff_import_decisions as decisions
from accounts.views import staff_imports

urlpatterns: list[URLPattern] = [
    path("people/import/", staff_imports.start, name="staff-imports"),
    path("people/import/earlier/", staff_imports.earlier, name="staff-imports-earlier"),
    path("people/import/empty-list.csv", staff_imports.empty_list, name="staff-import-empty"),
    path("people/import/<int:pk>/", staff_imports.shown, name="staff-import"),
    path("people/import/<int:pk>/errors.csv", staff_imports.errors, name="staff-import-errors"),
    path("people/import/<int:pk>/titles/", decisions.titles, name="staff-import-titles"),
    path("people/import/<int:pk>/commit/", decisions.commit, name="staff-import-commit"),
    path("people/import/<int:pk>/discard/", decisions.discard, name="staff-import-discard"),
    path("people/import/<int:pk>/undo/", decisions.undo, name="staff-import-undo"),
]
