"""People, local areas, organisations, posts, roles, sign-in and audit."""
