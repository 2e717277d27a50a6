"""Packages from upload to withdrawal: who may, what is kept and served, what a failure leaves."""

from __future__ import annotations

import datetime as dt
import json
import socket
import struct
import threading
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from accounts.enums import Role
from accounts.models import AuditEvent
from core import outbox
from courses.packages import launch, serving
from courses.packages.completion import CompletionRule
from courses.packages.models import (
    ContentPackage,
    H5PLibrary,
    LibraryApproval,
    PackageRevision,
    RevisionState,
    ScanState,
)
from courses.packages.publishing import ensure_served, publish_all
from courses.packages.services import (
    UnableToApproveRevision,
    UnableToPreviewRevision,
    UnableToStorePackage,
    UnableToWithdrawRevision,
    approve_revision,
    open_preview,
    package_store,
    record_preview_statement,
    scan_again,
    store_package,
    withdraw_revision,
)
from tests.factories.accounts import RoleGrantFactory, UserFactory
from tests.factories.packages import (
    SCRIPT,
    dependency,
    h5p_file,
    h5p_files,
    library_json,
    scorm_files,
    zip_file,
)

AT = dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC)
COMPLETED = {
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "x"},
    "result": {"completion": True, "score": {"raw": 2, "max": 7}},
}


@pytest.fixture(autouse=True)
def package_root(settings, tmp_path):
    """Keep packages in a folder of the test."""
    settings.PACKAGE_ROOT = tmp_path / "packages"
    return Path(settings.PACKAGE_ROOT)


def make_admin(area):
    """Return a training administrator of a whole area."""
    person = UserFactory()
    RoleGrantFactory(
        person=person,
        role=Role.TRAINING_ADMIN,
        local_area=area,
        organisation=None,
        starts_on=dt.date(2025, 9, 1),
    )
    return person


@pytest.fixture
def uploader(area):
    """The person who uploads."""
    return make_admin(area)


@pytest.fixture
def approver(area):
    """A second person who may approve."""
    return make_admin(area)


@pytest.fixture
def revision(area, uploader):
    """A small package, just uploaded."""
    return store_package(file=h5p_file(), local_area=area, by=uploader, at=AT)


def previewed(revision, by):
    """Open the preview as approval needs it."""
    open_preview(revision=revision, by=by, at=AT)
    return revision


def files_below(root):
    """Return every file below a folder."""
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


# --- Storing -----------------------------------------------------------------------------------


def test_an_upload_is_quarantined_with_its_files_and_its_report(revision, package_root, area):
    library = H5PLibrary.objects.get()

    assert (revision.state, revision.scan_state) == ("quarantined", "not_scanned")
    assert revision.package.title == "A small thing"
    assert revision.report["verdict"] == "accept"
    assert revision.completion_rule == CompletionRule.VIEWED
    assert files_below(package_root) == {
        f"archives/{revision.sha256}",
        f"packages/{revision.sha256}/h5p.json",
        f"packages/{revision.sha256}/content/content.json",
        f"libs/{library.tree_sha256}/library.json",
        f"libs/{library.tree_sha256}/tiny.js",
    }
    assert not LibraryApproval.objects.exists()
    event = AuditEvent.objects.get(verb="package.stored")
    assert event.data["sha256"] == revision.sha256


def test_the_same_file_twice_is_one_revision(revision, area, uploader):
    again = store_package(file=h5p_file(), local_area=area, by=uploader, at=AT)
    into = store_package(
        file=h5p_file(), local_area=area, by=uploader, at=AT, package=revision.package
    )

    assert again == into == revision
    assert PackageRevision.objects.count() == 1


def test_another_file_is_the_next_revision_and_shares_the_library(revision, area, uploader):
    second = store_package(
        file=h5p_file(content={"a": 1}),
        local_area=area,
        by=uploader,
        at=AT,
        package=revision.package,
    )

    assert (second.package, second.number) == (revision.package, 2)
    assert H5PLibrary.objects.count() == 1


def test_a_refused_file_leaves_an_audit_event_and_nothing_else(area, uploader, package_root):
    hostile = zip_file(h5p_files() | {"../../evil.js": b"1"})

    with pytest.raises(UnableToStorePackage) as refused:
        store_package(file=hostile, local_area=area, by=uploader, at=AT)

    assert "leads outside" in refused.value.reasons[0]
    assert not package_root.exists()
    assert not ContentPackage.objects.exists()
    event = AuditEvent.objects.get(verb="package.refused")
    assert "evil" not in json.dumps(event.data)


def test_a_full_disk_leaves_nothing_half_written(area, uploader, package_root, monkeypatch):
    real_open = open

    def full(path, mode="r", *args, **kwargs):
        if "x" in mode and Path(path).name == "tiny.js":
            raise OSError(28, "No space left on device")
        return real_open(path, mode, *args, **kwargs)

    monkeypatch.setattr("builtins.open", full)
    with pytest.raises(UnableToStorePackage, match="no room"):
        store_package(file=h5p_file(), local_area=area, by=uploader, at=AT)
    monkeypatch.undo()

    assert {name.split("/")[0] for name in files_below(package_root)} == {"archives"}
    assert not PackageRevision.objects.exists()
    again = store_package(file=h5p_file(), local_area=area, by=uploader, at=AT)
    assert again.number == 1


def test_a_revision_is_of_the_kind_of_its_package(revision, area, uploader):
    with pytest.raises(UnableToStorePackage, match="is H5P"):
        store_package(
            file=zip_file(scorm_files()),
            local_area=area,
            by=uploader,
            at=AT,
            package=revision.package,
        )


def test_only_administrators_of_the_area_upload(area, other_area, uploader):
    for person, where in ((UserFactory(), area), (uploader, other_area)):
        with pytest.raises(PermissionDenied):
            store_package(file=h5p_file(), local_area=where, by=person, at=AT)


def test_scorm_is_tried_and_approved_like_everything_else(area, uploader, approver, settings):
    revision = store_package(file=zip_file(scorm_files()), local_area=area, by=uploader, at=AT)

    assert revision.package.kind == "scorm12"
    assert [unit["path"] for unit in revision.manifest["units"]] == ["index.html"]
    with pytest.raises(UnableToApproveRevision, match="Nobody has tried it"):
        approve_revision(revision=revision, by=approver, at=AT)
    approved = approve_revision(revision=previewed(revision, approver), by=approver, at=AT)
    urls = dict.fromkeys(("statements_url", "state_url", "status_url", "viewed_url"), "/x")
    urls |= {"sign_in_url": "/", "state": None, "version": 0}

    player = launch.player_for(revision=approved, key="k", csrf="t", **urls)

    # Its own host, named exactly: an origin of "null" would be anybody's.
    assert player.frame_origin == f"http://{revision.label}.content.localhost:8001"
    assert player.frame_url == f"{player.frame_origin}/embed/"
    # Where labels share one host, a unit could reach another's: then it is not played.
    settings.CONTENT_BY_NUMBER = True
    with pytest.raises(launch.UnableToPlay, match="host name of its own"):
        launch.player_for(revision=approved, key="k", csrf="t", **urls)


# --- Approval -----------------------------------------------------------------------------------


def test_approval_needs_a_second_person_and_a_preview(revision, uploader, approver):
    with pytest.raises(PermissionDenied):
        approve_revision(revision=revision, by=uploader, at=AT)
    with pytest.raises(UnableToApproveRevision, match="Nobody has tried it"):
        approve_revision(revision=revision, by=approver, at=AT)

    previewed(revision, approver)
    approved = approve_revision(revision=revision, by=approver, at=AT)

    assert approved.state == RevisionState.APPROVED
    assert LibraryApproval.objects.get().approved_by == approver
    assert {"package.approved", "library.approved"} <= set(
        AuditEvent.objects.values_list("verb", flat=True)
    )


def test_a_team_of_one_does_not_deadlock(revision, uploader, area):
    area.team_of_one = True
    area.save()
    previewed(revision, uploader)
    revision.refresh_from_db()

    assert approve_revision(revision=revision, by=uploader, at=AT).state == "approved"


def test_people_of_another_area_approve_nothing(revision, other_area):
    stranger = make_admin(other_area)

    for act in (
        lambda: approve_revision(revision=revision, by=stranger, at=AT),
        lambda: open_preview(revision=revision, by=stranger, at=AT),
        lambda: withdraw_revision(revision=revision, by=stranger, reason="x", at=AT),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert not PackageRevision.objects.visible_to(stranger, AT.date()).exists()
    assert not ContentPackage.objects.visible_to(stranger, AT.date()).exists()


def scored_file():
    """Return a package of a type that ends with a score."""
    return h5p_file(main="H5P.QuestionSet", script=SCRIPT)


def test_scored_content_needs_the_maximum_seen_at_the_preview(area, uploader, approver):
    revision = store_package(file=scored_file(), local_area=area, by=uploader, at=AT)
    previewed(revision, approver)
    with pytest.raises(UnableToApproveRevision, match="highest score"):
        approve_revision(revision=revision, by=approver, at=AT)

    said = {"verb": {"id": "http://adlnet.gov/expapi/verbs/progressed"}, "object": {}}
    assert record_preview_statement(revision=revision, by=approver, statement=said, at=AT) is None
    assert record_preview_statement(revision=revision, by=approver, statement=COMPLETED, at=AT) == 7
    approved = approve_revision(revision=revision, by=approver, at=AT)

    assert approved.expected_max == 7
    assert launch.expectation_for(approved).expected_max == 7
    later = COMPLETED | {"result": {"completion": True, "score": {"raw": 1, "max": 99}}}
    record_preview_statement(revision=approved, by=approver, statement=later, at=AT)
    approved.refresh_from_db()
    assert approved.expected_max == 7


def test_content_that_says_nothing_at_its_end_may_be_viewed_instead(area, uploader, approver):
    revision = previewed(
        store_package(file=scored_file(), local_area=area, by=uploader, at=AT), approver
    )

    with pytest.raises(UnableToApproveRevision, match="Choose"):
        approve_revision(
            revision=revision, by=approver, at=AT, completion_rule=CompletionRule.COMPLETED
        )
    approved = approve_revision(
        revision=revision,
        by=approver,
        at=AT,
        completion_rule=CompletionRule.VIEWED,
        minimum_seconds=90,
    )

    assert (approved.rule, approved.minimum_seconds) == (CompletionRule.VIEWED, 90)


def test_missing_libraries_come_from_what_the_area_has_approved(
    area, other_area, uploader, approver
):
    needy = h5p_file(needs=[dependency("H5P.Image", 1, 1)])
    revision = store_package(file=needy, local_area=area, by=uploader, at=AT)
    with pytest.raises(UnableToPreviewRevision, match=r"H5P.Image 1.1.*does not carry"):
        open_preview(revision=revision, by=approver, at=AT)

    files = h5p_files(content={"carries": "image"}, needs=[dependency("H5P.Image", 1, 1)])
    files["H5P.Image-1.1/library.json"] = library_json("H5P.Image", minorVersion=1)
    files["H5P.Image-1.1/tiny.js"] = SCRIPT
    elsewhere = make_admin(other_area)
    store_package(file=zip_file(files), local_area=other_area, by=elsewhere, at=AT)
    with pytest.raises(UnableToPreviewRevision):
        open_preview(revision=revision, by=approver, at=AT)

    carrier = store_package(file=zip_file(files), local_area=area, by=uploader, at=AT)
    approve_revision(revision=previewed(carrier, approver), by=approver, at=AT)
    approve_revision(revision=previewed(revision, approver), by=approver, at=AT)

    names = [row.library.machine_name for row in revision.loading_order.all()]
    assert names == ["H5P.Tiny", "H5P.Image"]


# --- Serving -----------------------------------------------------------------------------------


def test_a_preview_is_served_for_an_hour_under_a_label_of_its_own(revision, approver):
    store = package_store()
    label = open_preview(revision=revision, by=approver, at=AT)

    assert label != revision.label
    assert not serving.is_served(store, revision.label)
    assert serving.read_pointer(store, label, now=AT.timestamp() + 3599)
    assert serving.read_pointer(store, label, now=AT.timestamp() + 3601) is None
    open_preview(revision=revision, by=approver, at=AT + dt.timedelta(hours=2))
    assert not serving.is_served(store, label)


def test_approval_puts_into_service_after_the_commit_and_withdrawal_takes_out(
    revision, approver, django_capture_on_commit_callbacks
):
    store = package_store()
    previewed(revision, approver)
    with django_capture_on_commit_callbacks() as callbacks:
        revision = approve_revision(revision=revision, by=approver, at=AT)
    assert not serving.is_served(store, revision.label)
    for callback in callbacks:
        callback()
    pointer = serving.read_pointer(store, revision.label, now=0)
    assert pointer.main_library == "H5P.Tiny 1.0"
    assert [library.scripts for library in pointer.libraries] == [["tiny.js"]]

    with pytest.raises(UnableToWithdrawRevision, match="Say why"):
        withdraw_revision(revision=revision, by=approver, reason=" ", at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        withdrawn = withdraw_revision(revision=revision, by=approver, reason="Outdated", at=AT)

    assert withdrawn.state == RevisionState.WITHDRAWN
    assert not serving.is_served(store, revision.label)
    assert AuditEvent.objects.get(verb="package.withdrawn").reason == "Outdated"
    with pytest.raises(UnableToApproveRevision, match="withdrawn"):
        approve_revision(revision=withdrawn, by=approver, at=AT)


def test_what_is_served_heals_itself(revision, approver):
    store = package_store()
    revision = approve_revision(revision=previewed(revision, approver), by=approver, at=AT)
    assert not serving.is_served(store, revision.label)  # died before the callback

    assert ensure_served(store, revision)
    assert serving.is_served(store, revision.label)

    PackageRevision.objects.update(state=RevisionState.WITHDRAWN, withdrawn_at=AT)
    assert publish_all(store) == (0, 1)
    assert not serving.is_served(store, revision.label)


def test_the_player_of_a_page_names_another_host_and_only_approved_content(
    revision, approver, settings
):
    urls = dict.fromkeys(("statements_url", "state_url", "status_url", "viewed_url"), "/x")
    urls |= {"sign_in_url": "/accounts/login/", "state": None, "version": 0}
    with pytest.raises(launch.UnableToPlay):
        launch.player_for(revision=revision, key="k", csrf="t", **urls)

    revision = approve_revision(revision=previewed(revision, approver), by=approver, at=AT)
    player = launch.player_for(revision=revision, key="k", csrf="t", **urls)
    settings.CONTENT_BY_NUMBER = True
    by_number = launch.player_for(revision=revision, key="k", csrf="t", **urls)

    assert player.frame_url == f"http://{revision.label}.content.localhost:8001/embed/"
    assert by_number.frame_url == f"http://127.0.0.1:8001/r/{revision.label}/embed/"
    assert player.finish == "viewed"


# --- Scanning -----------------------------------------------------------------------------------


class FakeClamd:
    """A clamd that knows INSTREAM and finds what contains EICAR."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.reply: bytes | None = None
        self.seen = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        """Answer one connection after another."""
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack("!I", stream.read(4))[0]:
                    data += stream.read(size)
                self.seen = len(data)
                found = b"stream: Eicar-Test-Signature FOUND\0" if b"EICAR" in data else None
                connection.sendall(self.reply or found or b"stream: OK\0")


@pytest.fixture
def clamd(settings):
    """A scanner that answers."""
    fake = FakeClamd()
    settings.SCANNER, settings.CLAMD_ADDRESS = "clamd", fake.address
    yield fake
    fake.socket.close()


def test_clean_files_are_marked_clean_and_infected_ones_refused(
    clamd, area, uploader, package_root
):
    clean = h5p_file()
    revision = store_package(file=clean, local_area=area, by=uploader, at=AT)
    assert (revision.scan_state, clamd.seen) == (ScanState.CLEAN, len(clean.getvalue()))

    clamd.reply = b"stream: Eicar-Test-Signature FOUND\0"
    with pytest.raises(UnableToStorePackage, match="virus scan found"):
        store_package(file=h5p_file(title="Other"), local_area=area, by=uploader, at=AT)

    assert PackageRevision.objects.count() == 1
    assert AuditEvent.objects.filter(verb="package.refused").count() == 1


@pytest.mark.parametrize("reply", [b"INSTREAM size limit exceeded. ERROR\0", b"nonsense\0"])
def test_a_scanner_that_is_away_or_odd_means_pending_and_never_clean(
    clamd, area, uploader, approver, reply
):
    clamd.reply = reply
    revision = store_package(file=h5p_file(), local_area=area, by=uploader, at=AT)

    assert revision.scan_state == ScanState.PENDING
    with pytest.raises(UnableToPreviewRevision, match="virus scan"):
        open_preview(revision=revision, by=approver, at=AT)
    with pytest.raises(UnableToApproveRevision, match="virus scan"):
        approve_revision(revision=revision, by=approver, at=AT)


def test_pending_files_are_scanned_when_the_scanner_is_back(clamd, area, uploader, settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    revision = store_package(file=h5p_file(), local_area=area, by=uploader, at=AT)
    later = dt.datetime.now(dt.UTC)
    assert outbox.sweep(at=later) == 0

    settings.CLAMD_ADDRESS = clamd.address
    assert outbox.sweep(at=later + dt.timedelta(minutes=5)) == 1
    revision.refresh_from_db()
    assert revision.scan_state == ScanState.CLEAN


def test_what_turns_out_infected_is_withdrawn(clamd, revision):
    clamd.reply = b"stream: Eicar-Test-Signature FOUND\0"

    found = scan_again(revision=revision, at=AT)

    assert (found.scan_state, found.state) == (ScanState.INFECTED, RevisionState.WITHDRAWN)


# --- Commands -----------------------------------------------------------------------------------


def test_inspect_package_reports_in_words_and_as_json(tmp_path, capsys):
    good, bad = tmp_path / "good.h5p", tmp_path / "bad.h5p"
    good.write_bytes(h5p_file().getvalue())
    bad.write_bytes(b"not a zip")

    call_command("inspect_package", good, "--json")
    assert json.loads(capsys.readouterr().out)["main_library"] == "H5P.Tiny 1.0"
    with pytest.raises(SystemExit):
        call_command("inspect_package", bad)
    assert "REFUSE" in capsys.readouterr().out
