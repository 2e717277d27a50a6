"""Claim cards: people without email join with a sign-in name and a code that works once."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.enums import Role
from accounts.invitation_secrets import as_printed, code_digest, new_code
from accounts.models import AuditEvent, Invitation, User
from accounts.services.claim_cards import make_cards
from accounts.sign_in_names import free_name, readable_name
from core import clock
from tests.factories.accounts import (
    OrganisationFactory,
    PostFactory,
    RoleGrantFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
PASSWORDS = {"password1": PASSWORD, "password2": PASSWORD}
WRONG = b"do not belong together"


@pytest.fixture
def school(area):
    return OrganisationFactory(name="Otterford Primary", local_area=area)


@pytest.fixture
def lead(area, school):
    person = PostFactory(organisation=school).person
    RoleGrantFactory(person=person, role=Role.SETTING_LEAD, local_area=area, organisation=school)
    return person


@pytest.fixture
def supervisor(school):
    """A midday supervisor whom nobody has an address of."""
    person = UserFactory(given_name="Tom", family_name="Akinwale", email=None, is_active=False)
    PostFactory(person=person, organisation=school)
    return person


@pytest.fixture
def card(lead, school, supervisor):
    made = make_cards(by=lead, person_ids=[supervisor.pk], organisation=school, at=clock.now())
    return made.cards[0]


def claim(client: Client, name: str, code: str, **extra):
    return client.post("/join/", {"sign_in_name": name, "code": code}, **extra)


def test_a_card_has_a_readable_name_and_a_code_nobody_keeps(card, supervisor):
    assert card.person.sign_in_name == "tom.akinwale"
    assert re.fullmatch(r"([2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}", card.code)
    invitation = Invitation.objects.get()
    assert invitation.secret_digest == code_digest(supervisor.pk, as_printed(card.code))
    assert as_printed(card.code) not in str(list(Invitation.objects.values()))
    assert as_printed(card.code) not in str(list(AuditEvent.objects.values()))
    assert (invitation.expires_at - invitation.made_at).days == 28


def test_codes_differ_and_have_about_sixty_bits():
    codes = {new_code() for _ in range(2_000)}

    assert len(codes) == 2_000
    assert len(set("".join(codes))) == 31


def test_name_and_code_lead_to_a_password_and_in(client, card, supervisor):
    answer = claim(client, "Tom.Akinwale ", card.code.lower().replace("-", " "))
    assert answer.url == "/join/password/"
    page = client.get("/join/password/")
    assert b"Tom Akinwale" in page.content and b"Otterford Primary" in page.content

    joined = client.post("/join/password/", PASSWORDS, follow=True)

    assert joined.redirect_chain[-1][0] == "/join/welcome/"
    assert b"tom.akinwale" in joined.content
    supervisor.refresh_from_db()
    assert supervisor.is_active and supervisor.check_password(PASSWORD)


def test_they_come_back_with_their_name_in_any_case(client, card, supervisor):
    claim(client, "tom.akinwale", card.code)
    client.post("/join/password/", PASSWORDS)

    answer = Client().post("/accounts/login/", {"login": " Tom.AKINWALE", "password": PASSWORD})
    wrong = Client().post("/accounts/login/", {"login": "tom.akinwale", "password": "wrong"})

    assert answer.status_code == 302 and answer.url == "/"
    assert b"The sign-in name or the password is not correct." in wrong.content


def test_an_unknown_name_is_answered_like_a_wrong_password(client, card):
    claim(client, "tom.akinwale", card.code)
    client.post("/join/password/", PASSWORDS)

    def words(login: str) -> bytes:
        page = Client().post("/accounts/login/", {"login": login, "password": "wrong"}).content
        page = re.sub(rb"csrfmiddlewaretoken[^>]*", b"", page)
        return page.replace(login.encode(), b"")

    assert words("tom.akinwale") == words("nobody.here")


def test_a_password_is_looked_at_once_whether_or_not_the_address_is_known(
    area, django_assert_max_num_queries, monkeypatch
):
    looked = []
    known = UserFactory(email="known@merrowdale.example")
    known.set_password(PASSWORD)
    known.save()
    original = User.check_password
    monkeypatch.setattr(
        User, "check_password", lambda self, raw: looked.append(raw) or original(self, raw)
    )

    Client().post("/accounts/login/", {"login": known.email, "password": "wrong"})

    assert len(looked) == 1


def test_everything_wrong_gets_the_same_answer(client, card, supervisor):
    Invitation.objects.update(expires_at=clock.now() + dt.timedelta(days=1))
    answers = set()

    def ask(name: str, code: str) -> None:
        page = claim(Client(), name, code)
        assert page.status_code == 200
        assert WRONG in page.content
        text = re.sub(rb"csrfmiddlewaretoken[^>]*", b"", page.content)
        answers.add(re.sub(rb'value="[^"]*"', b"", text))

    ask("tom.akinwale", "AAAA-AAAA-AAAA")
    ask("nobody.here", card.code)
    Invitation.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    ask("tom.akinwale", card.code)
    Invitation.objects.update(
        expires_at=clock.now() + dt.timedelta(days=1), withdrawn_at=clock.now()
    )
    ask("tom.akinwale", card.code)

    assert len(answers) == 1


def test_the_card_works_once(client, card, supervisor):
    claim(client, "tom.akinwale", card.code)
    client.post("/join/password/", PASSWORDS)

    assert WRONG in claim(Client(), "tom.akinwale", card.code).content


def test_a_card_shown_but_withdrawn_before_the_password_opens_nothing(client, card, supervisor):
    claim(client, "tom.akinwale", card.code)
    Invitation.objects.update(withdrawn_at=clock.now())

    assert client.post("/join/password/", PASSWORDS).status_code == 410
    supervisor.refresh_from_db()
    assert not supervisor.is_active


def test_the_second_step_needs_the_first(client, card, supervisor):
    assert client.post("/join/password/", PASSWORDS).url == "/join/"
    supervisor.refresh_from_db()
    assert not supervisor.is_active


def test_the_first_step_is_forgotten_after_a_quarter_of_an_hour(client, card):
    claim(client, "tom.akinwale", card.code)
    session = client.session
    session["accounts.card"] = [session["accounts.card"][0], clock.now().timestamp() - 1]
    session.save()

    assert client.get("/join/password/").url == "/join/"


def test_another_persons_code_opens_nothing(client, card, lead, school):
    other = PostFactory(organisation=school, person__email=None).person
    made = make_cards(by=lead, person_ids=[other.pk], organisation=school, at=clock.now())

    assert WRONG in claim(client, "tom.akinwale", made.cards[0].code).content


def test_guessing_is_stopped_where_it_is_done_and_the_owner_still_comes_in(card):
    guesser = Client(REMOTE_ADDR="192.0.2.66")
    answers = [
        claim(guesser, "tom.akinwale", f"AAAA-AAAA-AAA{n}").status_code for n in range(2, 10)
    ]

    assert answers == [200] * 6 + [429] * 2
    assert claim(guesser, "tom.akinwale", card.code).status_code == 429
    owner = Client(REMOTE_ADDR="198.51.100.7")
    assert claim(owner, "tom.akinwale", card.code).status_code == 302


def test_a_whole_school_joins_from_one_address(lead, school):
    people = [PostFactory(organisation=school, person__email=None).person for _ in range(40)]
    made = make_cards(
        by=lead, person_ids=[person.pk for person in people], organisation=school, at=clock.now()
    )

    for one in made.cards:
        assert claim(Client(), one.person.sign_in_name, one.code).status_code == 302


def test_a_name_tried_from_everywhere_rests_for_an_hour_at_most(card, time_machine_or_skip):
    for number in range(60):
        claim(Client(REMOTE_ADDR=f"192.0.2.{number}"), "tom.akinwale", "AAAA-AAAA-AAAA")
    owner = Client(REMOTE_ADDR="198.51.100.7")
    assert claim(owner, "tom.akinwale", card.code).status_code == 429

    time_machine_or_skip.shift(dt.timedelta(minutes=61))

    assert claim(owner, "tom.akinwale", card.code).status_code == 302


@pytest.fixture
def time_machine_or_skip():
    """A clock that can be moved on."""
    import time_machine

    with time_machine.travel(clock.now(), tick=True) as traveller:
        yield traveller


def test_a_new_card_ends_the_old_one_and_keeps_the_name(client, card, lead, school, supervisor):
    again = make_cards(
        by=lead, person_ids=[supervisor.pk], organisation=school, at=clock.now()
    ).cards[0]

    assert again.person.sign_in_name == "tom.akinwale"
    assert WRONG in claim(client, "tom.akinwale", card.code).content
    assert claim(client, "tom.akinwale", again.code).status_code == 302


def test_no_card_for_whoever_has_an_address_or_a_sign_in(lead, school, supervisor):
    with_address = PostFactory(organisation=school).person
    supervisor.set_password(PASSWORD)
    supervisor.save()

    made = make_cards(
        by=lead,
        person_ids=[supervisor.pk, with_address.pk],
        organisation=school,
        at=clock.now(),
    )

    assert (made.cards, made.signed_in_already, made.with_address) == ([], 1, 1)
    assert not Invitation.objects.exists()


def test_no_card_for_people_of_another_setting(lead, school, area):
    elsewhere = PostFactory(organisation__local_area=area, person__email=None).person

    with pytest.raises(PermissionDenied):
        make_cards(by=lead, person_ids=[elsewhere.pk], organisation=school, at=clock.now())


@pytest.mark.parametrize(
    ("given", "family", "name"),
    [
        ("Tom", "Akinwale", "tom.akinwale"),
        ("Siân", "O’Brien-Łukasz", "sian.obrien-lukasz"),
        ("Mary Jane", "van der Berg", "mary.van-der-berg"),
        ("Нина", "Иванова", "nina.ivanova"),
        ("李", "明", "li.ming"),
        ("", "", "person"),
        ("x" * 100, "y" * 100, "x" * 50),
        ("a@b", "c@d", "a-b.c-d"),
    ],
)
def test_names_are_readable_in_plain_letters(given, family, name):
    assert readable_name(given, family) == name


def test_people_of_one_name_get_different_names(db):
    names = []
    for _ in range(3):
        person = UserFactory(given_name="Tom", family_name="Akinwale")
        person.sign_in_name = free_name(person)
        person.save()
        names.append(person.sign_in_name)

    assert names == ["tom.akinwale", "tom.akinwale2", "tom.akinwale3"]


# --- Screens --------------------------------------------------------------------------------------


def test_the_cards_are_shown_once_and_kept_by_no_cache(lead, school, supervisor, sign_in):
    client = sign_in(lead)
    page = client.post(
        "/people/cards/", {"organisation": school.pk, "person": str(supervisor.public_id)}
    )

    code = re.search(rb"([2-9A-Z]{4}-){2}[2-9A-Z]{4}", page.content)
    assert code is not None
    assert b"tom.akinwale" in page.content and b"/join/" in page.content
    assert b"data:image/svg+xml" in page.content
    assert "no-store" in page.headers["Cache-Control"]
    assert client.get("/people/cards/").status_code == 405
    listed = client.get(f"/people/invitations/{school.pk}/").content
    assert code.group() not in listed
    assert claim(Client(), "tom.akinwale", code.group().decode()).status_code == 302


def test_the_picture_does_not_hold_the_code(card, monkeypatch):
    from accounts.views import invitations

    seen = []

    class Picture:
        def svg_data_uri(self, **_):
            return "data:"

    monkeypatch.setattr(invitations.segno, "make", lambda text, **_: seen.append(text) or Picture())
    invitations._picture(card)

    assert seen[0].endswith("/join/?name=tom.akinwale")
    assert as_printed(card.code) not in seen[0]


def test_the_name_of_a_picture_is_filled_in_and_escaped(client, area):
    page = client.get("/join/?name=tom.akinwale")
    attack = client.get("/join/?name=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")

    assert b'value="tom.akinwale"' in page.content
    assert b"<script>alert" not in attack.content


# --- In a browser ---------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_cards_are_printed_and_used_on_both_screens(
    browse, accessible, screen, lead, school, supervisor
) -> None:
    for _ in range(5):
        PostFactory(organisation=school, person__email=None)
    page = browse(lead, screen)
    page.goto(f"/people/invitations/{school.pk}/?state=not_invited")
    accessible(page)
    for box in page.locator("input[name=person]").all():
        box.check()
    page.get_by_role("button", name="Print cards").click()
    page.wait_for_selector(".wm-claim")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= screen[0]
    code = page.locator(".wm-claim", has_text="Tom Akinwale").locator(".wm-claim__code")
    printed = code.inner_text()

    phone = browse(None, (320, 640))
    phone.goto("/join/?name=tom.akinwale")
    accessible(phone)
    phone.fill("input[name=code]", printed.lower())
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/join/password/")
    phone.fill("input[name=password1]", PASSWORD)
    phone.fill("input[name=password2]", PASSWORD)
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/join/welcome/")
    assert "tom.akinwale" in phone.inner_text("main")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_paper_holds_nothing_but_cards(browse, lead, school, supervisor) -> None:
    page = browse(lead)
    page.goto(f"/people/invitations/{school.pk}/?state=not_invited")
    page.locator("input[name=person]").first.check()
    page.get_by_role("button", name="Print cards").click()
    page.wait_for_selector(".wm-claim")

    page.emulate_media(media="print")

    assert page.locator(".wm-claim").is_visible()
    for part in ("header", "h1", ".wm-banner", "footer", "text=I have printed them"):
        for found in page.locator(part).all():
            assert not found.is_visible(), part
