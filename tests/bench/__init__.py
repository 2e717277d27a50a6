"""The one benchmark (`make bench`): seeded data, PostgreSQL, gunicorn with 4 workers, JSON out."""
