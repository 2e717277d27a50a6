"""Routes of cpd_tracking."""

from django.urls import URLPattern, path

from cpd_tracking.views import certificates, feeds, learner, opened_record, pauses, setting, team

app_name = "cpd_tracking"
urlpatterns: list[URLPattern] = [
    path("my-learning/", learner.my_learning, name="my_learning"),
    path("my-learning/calendar/", feeds.my_calendar, name="my_calendar"),
    path("my-learning/calendar/make/", feeds.make_feed, name="make_feed"),
    path("my-learning/calendar/close/", feeds.close_feed, name="close_feed"),
    path("calendar/<str:token>.ics", feeds.feed, name="feed"),
    path("my-record/", learner.record, name="my_record"),
    path("my-record/download.csv", learner.record_csv, name="my_record_csv"),
    path(
        "my-record/<int:record_id>/certificate/",
        learner.make_certificate,
        name="make_certificate",
    ),
    path("why/<int:obligation_id>/", learner.why, name="why"),
    path("reminders/<str:token>/", learner.reminders, name="reminders"),
    path("team/", team.team, name="team"),
    path("team/export.csv", team.team_csv, name="team_csv"),
    path("team/nudge/", team.nudge_people, name="nudge"),
    path("team/people/<uuid:public_id>/", team.person, name="person"),
    path("people/<uuid:public_id>/leave/", pauses.pauses, name="pauses"),
    path("people/<uuid:public_id>/leave/<int:pk>/back/", pauses.resume, name="resume"),
    path("people/<uuid:public_id>/leave/<int:pk>/remove/", pauses.remove, name="pause_remove"),
    path("records/<uuid:public_id>/", opened_record.opened_record, name="opened_record"),
    path("setting/", setting.setting, name="setting"),
    path("setting/sessions/new/", setting.new_session, name="new_session"),
    path("setting/sessions/<int:pk>/", setting.session, name="session"),
    path("setting/sessions/<int:pk>/sheet/", setting.session_sheet, name="session_sheet"),
    path("certificates/", certificates.check, name="certificate_check"),
    path("certificates/<str:code>.json", certificates.certificate_json, name="certificate_json"),
    path("certificates/<str:code>/", certificates.certificate, name="certificate"),
    path(
        "certificates/<str:code>/download/",
        certificates.certificate_download,
        name="certificate_pdf",
    ),
    path("certificates/<str:code>/name/", certificates.certificate_name, name="certificate_name"),
]
