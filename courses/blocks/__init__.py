"""Editor blocks of courses."""
