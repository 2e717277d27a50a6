"""Settings for the test suite: eager tasks, memory cache and mail, plain static files."""

import tempfile
from pathlib import Path

from config.settings.base import *
from config.settings.base import DATABASES, STORAGES, env

SECRET_KEY = "only-for-tests"  # noqa: S105
DEBUG = False
DEMO = True
SECOND_STEP_ENFORCED = False
COMPONENT_GALLERY = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver", ".localhost"]
_scratch = Path(tempfile.mkdtemp(prefix="waymark-test-"))
MEDIA_ROOT = _scratch / "media"
PACKAGE_ROOT = _scratch / "packages"
ERASURE_LEDGER = _scratch / "erasures.jsonl"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_FILE_PATH = str(_scratch / "mail")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
if "DATABASE_URL" not in env.ENVIRON:
    # A file, not memory: browser tests read it from the server's threads.
    DATABASES["default"]["NAME"] = str(_scratch / "waymark.sqlite3")
    DATABASES["default"]["TEST"] = {"NAME": str(_scratch / "waymark-test.sqlite3")}
