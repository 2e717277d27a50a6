"""The parts a resource's text is made of."""

from __future__ import annotations

from wagtail import blocks

_TEXT = ["bold", "italic", "link", "ul", "ol"]


class ChecklistBlock(blocks.StructBlock):
    """A titled list of things to look at or do; prints with empty boxes."""

    title = blocks.CharBlock(required=False, max_length=120)
    items = blocks.ListBlock(blocks.CharBlock(max_length=300))

    class Meta:
        icon = "tick"
        template = "pages/resources_repo/blocks/checklist.html"


class StepsBlock(blocks.StructBlock):
    """Numbered steps, each with a name and what to do."""

    title = blocks.CharBlock(required=False, max_length=120)
    steps = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("name", blocks.CharBlock(max_length=120)),
                ("text", blocks.TextBlock(required=False, max_length=600)),
            ]
        )
    )

    class Meta:
        icon = "list-ol"
        template = "pages/resources_repo/blocks/steps.html"


class GridBlock(blocks.StructBlock):
    """A table with a caption; each row is one line, cells parted by a vertical bar."""

    caption = blocks.CharBlock(max_length=160)
    caption_hidden = blocks.BooleanBlock(
        required=False, help_text="The heading above says the same; the caption is only spoken."
    )
    head = blocks.CharBlock(max_length=300, help_text="Column names, parted by |")
    rows = blocks.ListBlock(
        blocks.CharBlock(max_length=800, required=False, help_text="Cells, parted by |")
    )

    class Meta:
        icon = "table"
        template = "pages/resources_repo/blocks/grid.html"

    def get_context(self, value, parent_context=None):  # type: ignore[no-untyped-def]
        """Add `columns` and `cells`: every row padded or cut to the number of columns."""
        context = super().get_context(value, parent_context)
        columns = [cell.strip() for cell in value["head"].split("|")]
        context["columns"] = columns
        context["cells"] = [
            ([cell.strip() for cell in row.split("|")] + [""] * len(columns))[: len(columns)]
            for row in value["rows"]
        ]
        return context


class ResourceBodyBlock(blocks.StreamBlock):
    """Heading, text, checklist, steps and table, in any order."""

    heading = blocks.CharBlock(
        icon="title", max_length=120, template="pages/resources_repo/blocks/heading.html"
    )
    text = blocks.RichTextBlock(features=_TEXT, template="pages/resources_repo/blocks/text.html")
    checklist = ChecklistBlock()
    steps = StepsBlock()
    grid = GridBlock()
    quote = blocks.TextBlock(
        icon="openquote", max_length=600, template="pages/resources_repo/blocks/quote.html"
    )
