"""An area's colours are readable or refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from accounts.colours import UnreadableColours, check_theme, contrast


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#1b5e4b", "#1b5e4b", 1.0)],
)
def test_contrast_is_wcags(first, second, ratio):
    assert contrast(first, second) == pytest.approx(ratio, abs=0.01)
    assert contrast(second, first) == contrast(first, second)


def test_the_house_colours_can_be_read():
    check_theme(brand="#1b5e4b", brand_ink="#ffffff", tint="#f7f5f0")


@pytest.mark.parametrize(
    ("colours", "message"),
    [
        ({"brand": "#ffcc00", "brand_ink": "#000000", "tint": "#ffffff"}, "brand colour on white"),
        ({"brand": "#1b5e4b", "brand_ink": "#666666", "tint": "#ffffff"}, "Text on the brand"),
        ({"brand": "#1b5e4b", "brand_ink": "#ffffff", "tint": "#556655"}, "colour on the tint"),
    ],
)
def test_unreadable_colours_are_refused_with_the_pair_that_fails(area, colours, message):
    with pytest.raises(UnreadableColours, match=message):
        check_theme(**colours)
    for name, value in colours.items():
        setattr(area, name, value)
    with pytest.raises(ValidationError, match=message):
        area.full_clean()
