"""Views of courses: parse, one domain call, respond."""
