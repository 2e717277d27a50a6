"""Settings shared by every way of running Waymark; every value can come from the environment.

docs/settings.md lists each variable. Nothing here reads the clock, the network or the database.
"""

from pathlib import Path
from typing import Any

import environ
import structlog
from celery.schedules import crontab

from core.log_secrets import hide_link_secrets

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

# --- Who we are -------------------------------------------------------------------------------
DEBUG = False
DEMO = env.bool("WAYMARK_DEMO", default=False)
COMPONENT_GALLERY = env.bool("WAYMARK_COMPONENT_GALLERY", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
PORT = env.int("PORT", default=8000)
CONTENT_PORT = env.int("CONTENT_PORT", default=PORT + 1)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}")

# Packages are other people's script: they live on an origin of their own (design: learning).
CONTENT_HOST = env.str("CONTENT_HOST", default=f"content.localhost:{CONTENT_PORT}")
CONTENT_SCHEME = env.str("CONTENT_SCHEME", default="http")
# For browsers that do not resolve *.localhost: packages on 127.0.0.1, the application on localhost.
CONTENT_BY_NUMBER = env.bool("CONTENT_BY_NUMBER", default=False)
CONTENT_APP_ORIGINS = env.list(
    "CONTENT_APP_ORIGINS", default=[f"http://localhost:{PORT}", f"http://127.0.0.1:{PORT}"]
)
PACKAGE_ROOT = Path(env.str("PACKAGE_ROOT", default=str(VAR_DIR / "packages")))
SCANNER = env.str("SCANNER", default="none")
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="127.0.0.1:3310")
ERASURE_LEDGER = Path(env.str("ERASURE_LEDGER", default=str(VAR_DIR / "erasures.jsonl")))

INSTALLED_APPS = [
    "website",
    "impact",
    "cpd_tracking",
    "courses",
    "resources_repo",
    "networks",
    "accounts",
    "core",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_htmx",
    "simple_history",
    "django_celery_results",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.HealthMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "core.middleware.NoNullMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.LocalAreaMiddleware",
    "accounts.audit.middleware.RefusalMiddleware",
    "core.middleware.PolicyMiddleware",
    "accounts.middleware.SecondStepMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context.local_area",
                "website.context.navigation",
                "website.context.demo",
            ],
        },
    },
]

# --- Database -----------------------------------------------------------------------------------
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'waymark.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Cache: rate limits need one that all processes share ------------------------------------------
CACHES = {"default": env.cache("CACHE_URL", default=f"filecache://{VAR_DIR / 'cache'}")}

# --- People and sign-in -----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.HouseArgon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("given_name", "family_name", "email", "sign_in_name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.password_rules.GuessedFirstValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
# A sign-in name is for people without an email address; it is made with their card, never by them.
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "sign_in_name"
ACCOUNT_USER_DISPLAY = str
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {
    "reset_password": "accounts.forms.sign_in.ResetPasswordForm",
    "user_token": "accounts.forms.sign_in.UserTokenForm",
}
# A whole school signs in from one address on a training day: limits of an address are wide, those
# of a person at an address narrow, and no stranger's tries count against the owner elsewhere.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "60/m/ip,5/300s/key",
    "reset_password": "60/m/ip",
    "reset_password_from_key": "60/m/ip",
    "second_step_here": "5/300s/key",
    "second_step_everywhere": "20/300s/key",
}
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
# Off in the demo, whose one-click sign-in has no second step; production insists on it.
SECOND_STEP_ENFORCED = env.bool("SECOND_STEP_ENFORCED", default=not DEMO)
MFA_ADAPTER = "accounts.passkeys.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs themselves up here, so an address not yet confirmed is no stranger's trap.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
MFA_FORMS = {
    "authenticate": "accounts.forms.sign_in.CodeForm",
    "reauthenticate": "accounts.forms.sign_in.ConfirmCodeForm",
    "add_webauthn": "accounts.forms.sign_in.AddPasskeyForm",
    "authenticate_webauthn": "accounts.forms.sign_in.PasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.sign_in.ConfirmPasskeyForm",
}
# Sign-in services of employers are rows (accounts.SignInService); see accounts/oidc.
SOCIALACCOUNT_ADAPTER = "accounts.oidc.adapter.SocialAccountAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"provider_class": "accounts.oidc.provider.EmployerProvider"}
}
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
# Whether a service may be on this very machine: in development and tests.
OIDC_LOOPBACK = False
# The domain whose hosts share passkeys, such as learning.example.gov.uk; each host its own if empty.
PASSKEY_DOMAIN = env.str("PASSKEY_DOMAIN", default="")
USERSESSIONS_TRACK_ACTIVITY = False

# Told in the session: a cookie of its own would be one more than the cookie page says.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "website.errors.csrf_failure"

# --- Language and time ------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# --- Files --------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static_built"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Wagtail ------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Waymark"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILIMAGES_IMAGE_MODEL = "core.HouseImage"
WAGTAILDOCS_DOCUMENT_MODEL = "core.HouseDocument"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "ods", "odp", "pdf", "pptx", "txt", "xlsx"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "resources_repo.document_forms.JudgedDocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_CONTENT_TYPES = {"pdf": "application/pdf"}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAIL_USER_TIME_ZONES = ["Europe/London"]
TAGGIT_CASE_INSENSITIVE = True

# --- Background work -----------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
if CELERY_BROKER_URL == "filesystem://":
    _spool = VAR_DIR / "broker"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_spool / "queue"),
        "data_folder_out": str(_spool / "queue"),
        "control_folder": str(_spool / "control"),
    }
CELERY_RESULT_BACKEND = "django-db"
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_TASK_ALWAYS_EAGER", default=False)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "core.tasks.sweep_outbox", "schedule": 60.0},
    "seal-audit": {"task": "accounts.tasks.seal_audit", "schedule": 60.0},
    "verify-audit": {
        "task": "accounts.tasks.verify_audit_chain",
        "schedule": crontab(hour=3, minute=0),
    },
    "hand-over-sign-ins": {
        "task": "accounts.tasks.hand_over_sign_ins",
        # Every hour: a post has its last day in London, and access ends with it.
        "schedule": 60.0 * 60,
    },
    "unlink-former-employers": {
        "task": "accounts.tasks.unlink_former_employers",
        "schedule": 60.0 * 60,
    },
    "end-roles-of-leavers": {
        "task": "accounts.tasks.end_roles_of_leavers",
        "schedule": 60.0 * 60,
    },
    "leaving-mails": {
        "task": "accounts.tasks.promise_leaving_mails",
        # Every day: two weeks before the last day of somebody's last post.
        "schedule": 60.0 * 60 * 24,
    },
    "weekly-digest": {
        "task": "cpd_tracking.tasks.send_weekly_digests",
        # Every hour: the task itself sends once a week, in the area's working hours.
        "schedule": 60.0 * 60,
    },
    "extend-horizons": {
        "task": "cpd_tracking.tasks.extend_horizons",
        # Every day: it writes the next academic year's fixed periods once the year has turned.
        "schedule": 60.0 * 60 * 24,
    },
    "project-editor-rights": {
        "task": "accounts.tasks.project_editor_rights",
        # Every hour: grants begin and end with a day; the CMS's door asks again by itself.
        "schedule": 60.0 * 60,
    },
    "fill-vacant-leads": {
        "task": "networks.tasks.fill_vacant_leads",
        # Every day: a membership may have been given its last day long before.
        "schedule": 60.0 * 60 * 24,
    },
}

# --- Mail ---------------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Waymark <no-reply@localhost>")
EMAIL_TIMEOUT = 10

# --- Headers --------------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_content_frames = [f"{CONTENT_SCHEME}://*.{CONTENT_HOST}", f"{CONTENT_SCHEME}://{CONTENT_HOST}"]
if CONTENT_HOST.split(":")[0].endswith("localhost"):
    _content_frames.append(f"http://127.0.0.1:{CONTENT_PORT}")
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    # The Wagtail editor needs inline styles and scripts: core.middleware gives it its own policy.
    "EXCLUDE_URL_PREFIXES": ["/cms/"],
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'", *_content_frames],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
    },
}
CMS_CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    f"frame-src 'self' {' '.join(_content_frames)}; "
    "frame-ancestors 'self'; base-uri 'self'; object-src 'none'"
)
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}

# --- Who may call which view that is not ours (core.policies) -----------------------------------------
# module prefix -> policy of core by its name, or of a room by its dotted path. Ours declare their
# own, beside the view.
_CMS = "accounts.policies.cms"
POLICIES_OF_OTHERS = {
    "allauth.account": "public",
    "allauth.mfa": "public",
    "allauth.socialaccount": "public",
    "allauth.usersessions": "signed_in",
    "wagtail.admin": _CMS,
    "wagtail.contrib": _CMS,
    "wagtail.documents.views.serve": "accounts.policies.document",
    "wagtail.documents": _CMS,
    "wagtail.images": _CMS,
    "wagtail.locales": _CMS,
    "wagtail.search": _CMS,
    "wagtail.sites": _CMS,
    "wagtail.snippets": _CMS,
    "wagtail.users": _CMS,
    "wagtail.embeds": _CMS,
    "wagtail.views": "page",
    "django.contrib.auth.views": "closed",
    "django.views.i18n": _CMS,
    "django.views.static": "public",
    "django.contrib.staticfiles": "public",
    "django.views.generic.base": "public",
}

# --- Logs: one line an event; LOG_FORMAT=json for machines -----------------------------------------------
LOG_FORMAT = env.str("LOG_FORMAT", default="text")
_shared_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    hide_link_secrets,
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared_processors,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared_processors,
            "processor": (
                structlog.processors.JSONRenderer()
                if LOG_FORMAT == "json"
                else structlog.dev.ConsoleRenderer(
                    colors=False,
                    pad_event_to=0,
                    exception_formatter=structlog.dev.plain_traceback,
                )
            ),
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        # Refusals are answers, not faults: they are in the audit trail where they matter.
        "django.request": {"level": "ERROR"},
        # The head of the audit chain, after each sealing: what is kept outside the database.
        "accounts.audit": {"level": "INFO"},
        "django_structlog": {"level": env.str("LOG_LEVEL", default="ERROR")},
    },
}
