"""Views of cpd_tracking: parse, one domain call, respond."""
