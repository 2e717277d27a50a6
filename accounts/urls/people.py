"""Routes of people and their posts, and one's own profile."""

from django.urls import URLPattern, path

from accounts.views import leavers, people, posts, profile

urlpatterns: list[URLPattern] = [
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="person-add"),
    path("people/end/", leavers.end, name="people-end"),
    path("people/ended/", leavers.ended, name="people-ended"),
    path("people/reopen/", leavers.reopen, name="people-reopen"),
    path("people/<uuid:public_id>/", people.person, name="person"),
    path("people/<uuid:public_id>/name/", people.correct, name="person-correct"),
    path("people/<uuid:public_id>/posts/add/", posts.add, name="post-add"),
    path("people/<uuid:public_id>/posts/<int:pk>/", posts.change, name="post-change"),
    path("people/<uuid:public_id>/posts/<int:pk>/job/", posts.change_of_job, name="post-job"),
    path("people/<uuid:public_id>/posts/<int:pk>/end/", posts.end, name="post-end"),
    path("people/<uuid:public_id>/posts/<int:pk>/reopen/", posts.reopen, name="post-reopen"),
    path("profile/", profile.profile, name="profile"),
    path("profile/name/", profile.name, name="profile-name"),
    path("profile/address/", profile.address, name="address"),
    path("profile/address/own/", profile.address_own, name="address-own"),
    path("profile/address/remove/", profile.address_remove, name="address-remove"),
    path("profile/address/not-now/", profile.address_not_now, name="address-not-now"),
    path("profile/address/<str:token>/", profile.address_confirm, name="address-confirm"),
]
