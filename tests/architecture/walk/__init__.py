"""The walk over every route: a world with what could leak, a table of answers, and the walker."""
