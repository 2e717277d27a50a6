"""Routes of the impact room."""

from django.urls import path

from impact.views import overview, questions, trends

app_name = "impact"
urlpatterns = [
    path("", overview.home, name="home"),
    path("coverage/", overview.coverage_page, name="coverage"),
    path("coverage.csv", overview.coverage_csv, name="coverage_csv"),
    path("non-participants/", overview.non_participants, name="non_participants"),
    path("settings/", trends.outcomes_page, name="outcomes"),
    path("trend/", trends.trend_page, name="trend"),
    path("trend.csv", trends.trend_csv, name="trend_csv"),
    path("questions/", questions.question_list, name="questions"),
    path("questions/new/", questions.write, name="write"),
    path("questions/<int:plan_id>/", questions.question, name="question"),
    path("questions/<int:plan_id>/state/", questions.state, name="state"),
    path("questions/<int:plan_id>/change/", questions.change, name="change"),
    path("questions/<int:plan_id>/lock/", questions.lock, name="lock"),
    path("questions/<int:plan_id>/run/", questions.run, name="run"),
]
