"""Routes of resources_repo. /resources/ and /resources/<slug>/ are Wagtail pages."""

from django.urls import path

from resources_repo import views

app_name = "resources_repo"
urlpatterns = [
    path("resources/matrix/", views.matrix, name="matrix"),
    path("resources/submit/", views.submit, name="submit"),
    path("resources/mine/", views.mine, name="mine"),
    path("resources/mine/<int:pk>/", views.submitted, name="submitted"),
    path("resources/mine/<int:pk>/new-version/", views.new_version, name="new-version"),
    path("resources/review/", views.queue, name="queue"),
    path("resources/review/<int:pk>/", views.review, name="review"),
    path("resources/files/<int:pk>/", views.download, name="download"),
    path("resources/files/<int:pk>/<int:number>/", views.download, name="download-version"),
    path("resources/used/<int:pk>/", views.used, name="used"),
]
