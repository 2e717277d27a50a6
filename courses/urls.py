"""Routes of courses. Catalogue, courses and lessons are pages; here is what learners do."""

from django.urls import path

from courses.views import attempt_api, enrolments, last_words, quizzes

app_name = "courses"
urlpatterns = [
    path("learning/courses/<int:course_id>/start/", enrolments.start_course, name="start"),
    path("learning/lessons/<int:lesson_id>/done/", enrolments.lesson_done, name="lesson-done"),
    path("learning/activities/<int:activity_id>/begin/", enrolments.begin_activity, name="begin"),
    path("learning/quizzes/<uuid:uuid>/", quizzes.quiz, name="quiz"),
    path("learning/completed/<uuid:uuid>/", enrolments.completed, name="completed"),
    path("learning/attempts/<uuid:uuid>/status", attempt_api.status, name="attempt-status"),
    path(
        "learning/attempts/<uuid:uuid>/statements",
        attempt_api.statements,
        name="attempt-statements",
    ),
    path("learning/attempts/<uuid:uuid>/state", attempt_api.state, name="attempt-state"),
    path("learning/last-words/<str:token>", last_words.last_words, name="last-words"),
    path("learning/attempts/<uuid:uuid>/viewed", attempt_api.viewed, name="attempt-viewed"),
]
