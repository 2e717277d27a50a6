"""The gallery shows every component, and no page of it breaks the content security policy."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape

TEMPLATES = Path(settings.BASE_DIR) / "templates"
COMPONENTS = {file.stem for file in (TEMPLATES / "components").glob("*.html")}
SAMPLES = {file.stem for file in (TEMPLATES / "components" / "samples").glob("*.json")}
SCREENS = sorted(file.stem for file in (TEMPLATES / "gallery" / "screens").glob("*.html"))
# Parts of the page frame, and parts that need more than sample data.
FRAME = {
    "account_menu",
    "footer",
    "header",
    "messages",
    "package_player",
    "page_head",
}
FORBIDDEN = re.compile(r"\sstyle=|\son[a-z]+=|<style|javascript:|<script(?![^>]*\bsrc=)", re.I)


def test_every_component_has_a_sample():
    assert not COMPONENTS - FRAME - SAMPLES
    assert not SAMPLES - COMPONENTS


@pytest.mark.django_db
def test_the_gallery_draws_every_sample(client):
    page = client.get(reverse("gallery:index")).content.decode()
    for name in SAMPLES:
        titles = [
            sample["title"]
            for sample in json.loads(
                (TEMPLATES / "components/samples" / f"{name}.json").read_text()
            )["samples"]
        ]
        section = page.partition(f'id="{name}"')[2].partition('<section class="wm-section"')[0]
        assert all(escape(title) in section for title in titles), name


@pytest.mark.django_db
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_has_one_heading_one_main_and_nothing_inline(client, name):
    page = client.get(reverse("gallery:screen", args=[name])).content.decode()
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert page.count("<main") == 1
    assert FORBIDDEN.findall(page) == []


@pytest.mark.django_db
def test_a_screen_that_does_not_exist_is_not_found(client):
    assert client.get("/_components/screens/nothing/").status_code == 404


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.stem)
def test_a_template_opens_with_what_it_takes(file):
    assert file.read_text().startswith("{#"), file


@pytest.mark.django_db
def test_the_form_says_error_in_its_title_when_refused(client):
    url = reverse("gallery:form")
    assert "<title>Error: Add something" in client.post(url, {}).content.decode()
    assert "<title>Add something" in client.get(url).content.decode()
