"""Documents to keep: accessible PDF by typst, in the house font."""
