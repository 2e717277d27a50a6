"""Routes of networks. /networks/ and /networks/<slug>/ are Wagtail pages."""

from django.urls import path

from networks.views import discussion, meetings, members, registers

app_name = "networks"
_ONE = "networks/<slug:slug>/"
urlpatterns = [
    path(f"{_ONE}meetings/", meetings.meeting_list, name="meetings"),
    path(f"{_ONE}meetings/schedule/", meetings.schedule, name="schedule"),
    path(f"{_ONE}meetings/<int:pk>/", meetings.meeting_detail, name="meeting"),
    path(f"{_ONE}meetings/<int:pk>/change/", meetings.change, name="meeting-change"),
    path(f"{_ONE}meetings/<int:pk>/cancel/", meetings.cancel, name="meeting-cancel"),
    path(f"{_ONE}meetings/<int:pk>/reply/", meetings.reply, name="meeting-reply"),
    path(f"{_ONE}meetings/<int:pk>/register/", registers.register, name="register"),
    path(
        f"{_ONE}meetings/<int:pk>/meeting.ics", meetings.meeting_calendar, name="meeting-calendar"
    ),
    path(f"{_ONE}meetings.ics", meetings.network_calendar, name="calendar"),
    path(f"{_ONE}messages/", discussion.thread_list, name="discussion"),
    path(f"{_ONE}messages/write/", discussion.start, name="thread-start"),
    path(f"{_ONE}messages/held/", discussion.held, name="held"),
    path(f"{_ONE}messages/<int:pk>/", discussion.thread_detail, name="thread"),
    path(f"{_ONE}messages/held/<int:pk>/change/", discussion.edit_held, name="message-edit"),
    path(f"{_ONE}messages/held/<int:pk>/release/", discussion.release, name="message-release"),
    path(f"{_ONE}messages/remove/<int:pk>/", discussion.redact, name="message-redact"),
    path(f"{_ONE}members/", members.member_list, name="members"),
    path(f"{_ONE}members/add/", members.add, name="member-add"),
    path(f"{_ONE}members/<int:pk>/", members.change, name="member-change"),
    path(f"{_ONE}join/", members.join, name="join"),
    path(f"{_ONE}leave/", members.leave, name="leave"),
    path(f"{_ONE}settings/", members.settings, name="settings"),
]
