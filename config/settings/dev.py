"""Settings for developing and for the demo: no server but ours, everything below var/."""

from config.settings.base import *
from config.settings.base import DEMO, SECRET_KEY, STORAGES, VAR_DIR, env

DEBUG = env.bool("DEBUG", default=not DEMO)
OIDC_LOOPBACK = DEBUG
COMPONENT_GALLERY = env.bool("WAYMARK_COMPONENT_GALLERY", default=DEBUG)

if not SECRET_KEY:
    # A key of this copy's own, made on first use and never committed.
    VAR_DIR.mkdir(exist_ok=True)
    _key_file = VAR_DIR / "secret-key"
    if not _key_file.exists():
        from django.core.management.utils import get_random_secret_key

        _key_file.write_text(get_random_secret_key())
        _key_file.chmod(0o600)
    SECRET_KEY = _key_file.read_text()

if DEBUG:
    STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage",
    }
    WHITENOISE_USE_FINDERS = True
