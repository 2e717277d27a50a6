"""The forms of the house: what they draw, and what they say when an answer is wrong."""

import datetime as dt

import pytest
from django import forms
from django.forms import formset_factory

from core.forms import GovukForm, GovukModelForm


class EvidenceForm(GovukForm):
    fieldsets = [("When", ["held_on"])]
    title = forms.CharField(max_length=20, help_text="As on the certificate")
    held_on = forms.DateField(label="Date of the course")
    phase = forms.ChoiceField(
        choices=[("p", "Primary"), ("s", "Secondary")],
        widget=forms.RadioSelect(attrs={"hints": {"s": "Years 7 to 11"}}),
    )
    hours = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"width": 4, "suffix": "hours"})
    )
    reflection = forms.CharField(max_length=50, required=False, widget=forms.Textarea)
    agreed = forms.BooleanField(label="No pupil is named")


GOOD = {
    "title": "Autism",
    "held_on_0": "4",
    "held_on_1": "3",
    "held_on_2": "2026",
    "phase": "p",
    "agreed": "on",
}


def test_three_boxes_become_one_date():
    form = EvidenceForm(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["held_on"] == dt.date(2026, 3, 4)


@pytest.mark.parametrize(
    ("boxes", "words"),
    [
        (("", "", ""), "Enter date of the course"),
        (("4", "3", ""), "Date of the course must include a year"),
        (("", "", "2026"), "Date of the course must include a day and month"),
        (("31", "2", "2026"), "Date of the course must be a real date"),
        (("4", "3", "26"), "Date of the course must be a real date"),
        (("4", "March", "2026"), "Date of the course must be a real date"),
        (("²", "3", "2026"), "Date of the course must be a real date"),
    ],
)
def test_a_wrong_date_says_what_is_wrong(boxes, words):
    form = EvidenceForm(GOOD | {f"held_on_{n}": part for n, part in enumerate(boxes)})
    assert form.errors["held_on"] == [words]


def test_an_initial_date_fills_its_boxes():
    drawn = str(EvidenceForm(initial={"held_on": dt.date(2026, 3, 4)})["held_on"])
    assert [f'value="{part}"' in drawn for part in (4, 3, 2026)] == [True, True, True]


def test_a_required_model_date_asks_in_three_boxes_too():
    class HistoryForm(GovukModelForm):
        class Meta:
            from accounts.models import Post

            model = Post
            fields = ["starts_on", "ends_on"]

    assert str(HistoryForm()["starts_on"]).count("<input") == 3


def test_errors_are_listed_in_the_order_of_the_page_and_lead_to_the_first_box():
    listed = EvidenceForm({}).error_list()
    assert [error["id"] for error in listed] == [
        "id_held_on_0",
        "id_title",
        "id_phase_0",
        "id_agreed",
    ]
    assert [error["text"] for error in listed] == [
        "Enter date of the course",
        "Enter title",
        "Choose phase",
        "Tick “No pupil is named”",
    ]


def test_the_summary_stands_above_the_fields_and_every_link_has_a_target():
    drawn = str(EvidenceForm({}))
    summary, _, fields = drawn.partition("</ul>")
    assert "There is a problem" in summary
    for target in ("id_held_on_0", "id_title", "id_phase_0", "id_agreed"):
        assert f'href="#{target}"' in summary
        assert f'id="{target}"' in fields


def test_hint_and_error_are_tied_to_the_box():
    drawn = EvidenceForm({})["title"].as_field_group()
    assert 'aria-describedby="id_title_helptext id_title_error"' in drawn
    assert 'id="id_title_helptext"' in drawn
    assert 'id="id_title_error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_words_for_our_templates_do_not_become_attributes():
    form = EvidenceForm()
    drawn = form["hours"].as_field_group()
    assert "govuk-input--width-4" in drawn
    assert ">hours</span>" in drawn
    assert "suffix=" not in drawn
    assert "(optional)" in drawn
    # A second form of the class must find them still there.
    assert "govuk-input--width-4" in EvidenceForm()["hours"].as_field_group()


def test_a_choice_has_its_own_hint():
    drawn = EvidenceForm()["phase"].as_field_group()
    assert 'aria-describedby="id_phase_1_hint"' in drawn
    assert "Years 7 to 11" in drawn
    assert "id_phase_0_hint" not in drawn


def test_long_words_are_counted_and_not_cut():
    drawn = EvidenceForm()["reflection"].as_field_group()
    assert 'data-count="50"' in drawn
    assert "maxlength" not in drawn
    assert not EvidenceForm(GOOD | {"reflection": "x" * 51}).is_valid()


def test_what_a_person_typed_is_escaped():
    drawn = str(EvidenceForm(GOOD | {"title": '"><script>alert(1)</script>'}))
    assert "<script>" not in drawn


def test_a_formset_draws_each_form_our_way():
    formset = formset_factory(EvidenceForm, extra=2)()
    assert formset[1]["title"].as_field_group().count("govuk-input") == 1


def test_the_cms_keeps_its_own_forms():
    class TheirForm(forms.Form):
        title = forms.CharField()

    assert "govuk" not in str(TheirForm())
