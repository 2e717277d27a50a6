"""Blocks of a lesson: what is read, looked at, thought about and done."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from courses.choosers import package_chooser_viewset

PROSE = ["h2", "h3", "bold", "italic", "link", "document-link", "ol", "ul"]
PLAIN_PROSE = ["bold", "italic", "link", "ol", "ul"]

PackageChooserBlock = package_chooser_viewset.get_block_class(
    name="PackageChooserBlock", module_path="courses.blocks.lessons"
)


class PictureBlock(blocks.StructBlock):
    """A picture with what it tells someone who cannot see it, or the word that it is decoration."""

    image = ImageChooserBlock()
    alternative_text = blocks.CharBlock(required=False, max_length=250)
    decorative = blocks.BooleanBlock(
        required=False, help_text="It adds nothing to the words; screen readers pass over it."
    )
    caption = blocks.CharBlock(required=False, max_length=250)

    class Meta:
        icon = "image"


class CalloutBlock(blocks.StructBlock):
    """Something to stand out from the text."""

    tone = blocks.ChoiceBlock(
        choices=[
            ("remember", "Remember"),
            ("important", "Important"),
            ("law", "What the law says"),
        ],
        default="remember",
    )
    title = blocks.CharBlock(required=False, max_length=120)
    text = blocks.RichTextBlock(features=PLAIN_PROSE)

    class Meta:
        icon = "pick"


class CaseStudyBlock(blocks.StructBlock):
    """A short story from practice, with questions to think about. Never a real child."""

    title = blocks.CharBlock(max_length=120)
    story = blocks.RichTextBlock(features=PLAIN_PROSE)
    questions = blocks.ListBlock(blocks.CharBlock(max_length=250), required=False, min_num=0)

    class Meta:
        icon = "group"


class DownloadBlock(blocks.StructBlock):
    """A file to keep."""

    title = blocks.CharBlock(max_length=150)
    document = DocumentChooserBlock()

    class Meta:
        icon = "download"


class ReflectionBlock(blocks.StructBlock):
    """A question to stop at and think about one's own practice."""

    prompt = blocks.TextBlock()

    class Meta:
        icon = "openquote"


class PackageActivityBlock(blocks.StructBlock):
    """An interactive activity (H5P). Its newest approved revision is played."""

    title = blocks.CharBlock(max_length=200)
    package = PackageChooserBlock()
    required = blocks.BooleanBlock(
        required=False, default=True, help_text="The lesson is done when this is completed."
    )

    class Meta:
        icon = "media"


class QuizActivityBlock(blocks.StructBlock):
    """A quiz marked by the server."""

    quiz = SnippetChooserBlock("courses.Quiz")
    required = blocks.BooleanBlock(
        required=False, default=True, help_text="The lesson is done when this is passed."
    )

    class Meta:
        icon = "tick"


class LessonBody(blocks.StreamBlock):
    """Everything a lesson may consist of."""

    text = blocks.RichTextBlock(features=PROSE, icon="pilcrow")
    picture = PictureBlock()
    callout = CalloutBlock()
    case_study = CaseStudyBlock()
    download = DownloadBlock()
    reflection = ReflectionBlock()
    activity = PackageActivityBlock(label="Interactive activity")
    quiz = QuizActivityBlock()

    def clean(self, value: Any) -> Any:
        """Refuse the same quiz twice in one lesson: its tries could not be told apart."""
        cleaned = super().clean(value)
        quizzes = [block.value["quiz"] for block in cleaned if block.block_type == "quiz"]
        if len({quiz.pk for quiz in quizzes if quiz}) < len(quizzes):
            raise ValidationError("The same quiz is in this lesson twice.")
        return cleaned
