"""Resources, their versions, review and search."""
