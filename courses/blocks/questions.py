"""Blocks of the question bank."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError


class OptionBlock(blocks.StructBlock):
    """One possible answer. Give its words; say whether it is right; explain, if it helps."""

    text = blocks.CharBlock(max_length=300)
    right = blocks.BooleanBlock(required=False, label="A right answer")
    feedback = blocks.TextBlock(
        required=False, help_text="Shown after marking to someone who chose it."
    )

    class Meta:
        icon = "radio-full"


class QuestionBlock(blocks.StructBlock):
    """One question with two to eight answers; one right answer makes it a single choice."""

    prompt = blocks.TextBlock()
    options = blocks.ListBlock(OptionBlock(), min_num=2, max_num=8, label="Answers")
    explanation = blocks.TextBlock(
        required=False, help_text="Shown after marking, whatever was chosen."
    )

    class Meta:
        icon = "help"

    def clean(self, value: Any) -> Any:
        """Refuse a question that nobody could get right, or nobody could get wrong."""
        cleaned = super().clean(value)
        right = [option["right"] for option in cleaned["options"]]
        if not any(right):
            raise StructBlockValidationError(
                {"prompt": ValidationError("Mark at least one answer as right.")}
            )
        if all(right):
            raise StructBlockValidationError(
                {"prompt": ValidationError("At least one answer must be wrong.")}
            )
        return cleaned
