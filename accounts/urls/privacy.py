"""Routes of personal data: copies, requests, holds, retention."""

from django.urls import URLPattern, path

from accounts.views import own_data, privacy, retention

urlpatterns: list[URLPattern] = [
    path("profile/data/", own_data.my_data, name="my-data"),
    path("profile/data/record.pdf", own_data.record_as_pdf, name="my-record-pdf"),
    path("profile/data/record.json", own_data.record_as_json, name="my-record-json"),
    path("profile/data/copies/", own_data.make_copy, name="my-copy-make"),
    path("profile/data/copies/<int:pk>/", own_data.copy, name="my-copy"),
    path("profile/data/erasure/", own_data.erasure, name="my-erasure"),
    path("profile/data/erasure/withdraw/", own_data.withdraw, name="my-erasure-withdraw"),
    path("privacy/requests/", privacy.requests, name="privacy-requests"),
    path("privacy/requests/new/", privacy.put_in, name="privacy-request-new"),
    path("privacy/requests/<int:pk>/", privacy.request_page, name="privacy-request"),
    path("privacy/requests/<int:pk>/decide/", privacy.decide, name="privacy-decide"),
    path("privacy/requests/<int:pk>/carry-out/", privacy.carry_out, name="privacy-carry-out"),
    path("privacy/holds/", privacy.holds, name="legal-holds"),
    path("privacy/holds/place/", privacy.place, name="legal-hold-place"),
    path("privacy/holds/<int:pk>/lift/", privacy.lift, name="legal-hold-lift"),
    path("privacy/retention/", retention.retention, name="retention"),
    path("privacy/retention/propose/", retention.propose, name="disposal-propose"),
    path("privacy/retention/runs/<int:pk>/", retention.run, name="disposal"),
    path("privacy/retention/runs/<int:pk>/decide/", retention.decide, name="disposal-decide"),
    path("privacy/retention/<slug:key>/", retention.period, name="retention-period"),
]
