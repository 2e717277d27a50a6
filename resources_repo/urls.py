"""Routes of resources_repo. /resources/ and /resources/<slug>/ are Wagtail pages."""

from django.urls import path

from resources_repo.views import contribute, library, review

app_name = "resources_repo"
urlpatterns = [
    path("resources/matrix/", library.matrix, name="matrix"),
    path("resources/submit/", contribute.submit, name="submit"),
    path("resources/mine/", contribute.mine, name="mine"),
    path("resources/mine/<int:pk>/", contribute.submitted, name="submitted"),
    path("resources/mine/<int:pk>/new-version/", contribute.new_version, name="new-version"),
    path("resources/review/", review.queue, name="queue"),
    path("resources/review/<int:pk>/", review.review, name="review"),
    path("resources/files/<int:pk>/", library.download, name="download"),
    path("resources/files/<int:pk>/<int:number>/", library.download, name="download-version"),
    path("resources/used/<int:pk>/", library.used, name="used"),
]
