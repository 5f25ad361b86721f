"""Every setting of the service. What differs between machines comes from the environment."""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from config import embedded
from config.logging import LOGGING as LOGGING

env = Env(eager=False)  # `seal` below names every bad variable at once
BASE_DIR = Path(__file__).resolve().parent.parent

# Who is asked for, and where the service stands.
PORT = env.int("PORT", 8000)
BASE_URL = env.str("BASE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
SECRET_KEY = env.str("SECRET_KEY", "")
# Webhook secrets are encrypted with the first key and read with any; never derived from SECRET_KEY.
ENCRYPTION_KEYS: list[str] = env.list("ENCRYPTION_KEYS", [])
if not (SECRET_KEY and ENCRYPTION_KEYS):
    if HTTPS:
        raise ImproperlyConfigured("Behind https, set SECRET_KEY and ENCRYPTION_KEYS yourself.")
    SECRET_KEY = SECRET_KEY or embedded.secret("secret-key")
    ENCRYPTION_KEYS = ENCRYPTION_KEYS or [embedded.secret("encryption-key")]
DEBUG = False
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "", "localhost", "127.0.0.1", "testserver"]
ALLOW_CLOCK = env.bool("ALLOW_CLOCK", False)
ALLOW_LOOPBACK_WEBHOOKS = env.bool("ALLOW_LOOPBACK_WEBHOOKS", False)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "pgtrigger",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "config",
    "contractors",
    "events",
    "questionnaires",
    "suppliers",
    "ratings",
    "assessments",
    "retention",
]
MIDDLEWARE = [
    "config.tracing.trace",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.problems.tell",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
APPEND_SLASH = False  # a redirect would turn a POST into a GET; the answer is 404
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "contractors.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

# PostgreSQL: the service's role owns nothing; `owner` migrates and is absent where it is not given.
DATABASES = {"default": env.dj_db_url("DATABASE_URL", embedded.database_url())}
# A thread or worker keeps its connection and looks at it before a request or task. A pool pauses
# longer each time that it finds one ended, until all requests fail for want of one.
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
OWNER_URL = env.str(
    "DATABASE_OWNER_URL", embedded.owner_url() if not env.str("DATABASE_URL", "") else ""
)
# The role that erases: given to the workers alone; nothing is erased where it is not given.
ERASER_URL = env.str(
    "DATABASE_ERASER_URL", embedded.eraser_url() if not env.str("DATABASE_URL", "") else ""
)
if ERASER_URL:
    DATABASES["eraser"] = dj_database_url.parse(ERASER_URL) | {"TEST": {"MIRROR": "default"}}
if OWNER_URL:
    DATABASES["owner"] = dj_database_url.parse(OWNER_URL) | {"TEST": {"MIRROR": "default"}}

LEASE = env.int("LEASE", 300)  # seconds that what is owed waits for whoever claimed it and died
LATE_AFTER = env.int("LATE_AFTER", 900)  # seconds of waiting after which `/readyz` is degraded
SILENT_AFTER = env.int("SILENT_AFTER", 180)  # seconds without a task until a worker is ended
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # without one there is no `/metrics`

# Mail. Without an address, letters are kept as files where they can be read.
EMAIL = env.dj_email_url("EMAIL_URL", f"file:///{embedded.directory() / 'mail'}")
EMAIL_BACKEND = EMAIL["EMAIL_BACKEND"].replace("django.core.mail.backends.smtp", "assessments.smtp")
EMAIL_FILE_PATH = f"/{EMAIL['EMAIL_FILE_PATH'].lstrip('/')}"
EMAIL_HOST = EMAIL["EMAIL_HOST"] or "localhost"
EMAIL_PORT = EMAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER = EMAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = EMAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = EMAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = EMAIL["EMAIL_USE_SSL"]
MAIL_TIMEOUT = EMAIL_TIMEOUT = env.int("MAIL_TIMEOUT", 15)  # seconds for one letter in all
MAIL_IDLE = env.int("MAIL_IDLE", 60)  # seconds that a connection is kept for the next letter
PERSON_REQUEST_DAYS = env.int("PERSON_REQUEST_DAYS", 30)  # until a person is answered
MAIL_FROM = env.str("MAIL_FROM", "tasuki@localhost")
MAIL_DOMAIN = MAIL_FROM.partition("@")[2]

# Languages and days: Japanese first; stored in UTC, a day is a day in Tokyo.
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Tokyo"

# Sessions and cookies of the supplier's form: 24 hours without use, kept in PostgreSQL.
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "assessments.form.failing.csrf_failed"
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# What browsers are told.
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", HTTPS)
SECURE_REDIRECT_EXEMPT = [
    "^healthz$",
    "^readyz$",
    "^metrics$",
]  # probes inside the network speak plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"  # `no-referrer` breaks the CSRF check on HTTPS
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF, "data:"],  # Swagger's own style has its arrows as data
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Static files from our own host, named by their content.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = env.bool("STATIC_FROM_SOURCE", True)  # the image collects them instead
STATIC_ROOT = None if WHITENOISE_USE_FINDERS else BASE_DIR / "static"
# Evidence files, where no web server looks: a directory of our own, or a bucket where one is named.
CLAMD_URL = env.str("CLAMD_URL", "")  # unix:///run/clamav/clamd.ctl or tcp://127.0.0.1:3310
REQUIRE_SCAN = env.bool("REQUIRE_SCAN", False)
FILE_UPLOAD_HANDLERS = ["assessments.form.uploading.Bounded"]
EVIDENCE_STORAGE = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {
        "location": env.str("EVIDENCE_DIR", "") or embedded.directory() / "evidence",
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    },
}
if EVIDENCE_S3_BUCKET := env.str("EVIDENCE_S3_BUCKET", ""):
    EVIDENCE_STORAGE = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": EVIDENCE_S3_BUCKET,
            "endpoint_url": env.str("EVIDENCE_S3_ENDPOINT", "") or None,
            "region_name": env.str("EVIDENCE_S3_REGION", "ap-northeast-1"),
            "signature_version": "s3v4",  # without it and the region, an older way is taken
            "addressing_style": "path" if env.str("EVIDENCE_S3_ENDPOINT", "") else "auto",
            "file_overwrite": False,
            "default_acl": None,
            "querystring_auth": True,
        },
    }
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": EVIDENCE_STORAGE,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# The doorbell. PostgreSQL holds what is owed; Redis may be wiped at any moment.
CELERY_BROKER_URL = env.str("REDIS_URL", embedded.redis_url())
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 1,  # without it a broker that hangs holds its caller for ever
    "max_retries": 0,  # the bell is rung once; without this a dead broker holds the web process
    "visibility_timeout": 3600,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker, however long
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 30 * 60  # seconds; as long a watchdog lets a busy worker be
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_DB_REUSE_MAX = 200
CELERY_TIMEZONE = "UTC"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["contractors.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["contractors.api.authentication.MayCall"],
    "DEFAULT_RENDERER_CLASSES": ["contractors.api.rendering.UTCRenderer"],
    "DEFAULT_PARSER_CLASSES": ["contractors.api.parsing.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "contractors.api.paging.NewestFirst",
    "EXCEPTION_HANDLER": "config.api.explain",
    "DEFAULT_SCHEMA_CLASS": "config.openapi.Described",
    "DATETIME_FORMAT": None,  # the renderer writes times: in UTC, with `Z`
    "URL_FORMAT_OVERRIDE": None,  # `format` is an unknown parameter like any other
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": None,
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes of a body; more is 413
SPECTACULAR_SETTINGS = {
    "TITLE": "Tasuki",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.finish",
    ],
    "ENUM_NAME_OVERRIDES": {
        "PersonRequestKindEnum": "retention.models.PersonRequest.Kind",
        "PersonRequestStateEnum": "retention.models.PersonRequest.State",
        "AppliesEnum": "suppliers.models.Applies",
        "AssessmentStatusEnum": "assessments.models.Status",
        "CampaignStatusEnum": "assessments.models.Campaign.Status",
        "CertificationStatusEnum": "suppliers.models.Status",
        "ClearanceStatusEnum": ["clear", "review", "hold"],
        "ConsultationKindEnum": "assessments.models.Consultation.Kind",
        "ConsultationStateEnum": "assessments.models.Consultation.State",
        "ContactLanguageEnum": "suppliers.models.Contact.Language",
        "ContactRoleEnum": "suppliers.models.Contact.Role",
        "EndpointStatusEnum": "events.models.Endpoint.Status",
        "EventKindEnum": "events.models.Kind",
        "HoldStatusEnum": "assessments.models.Hold.Status",
        "LanguageEnum": "contractors.models.Language",
        "LevelEnum": "ratings.models.Level",
        "OperationStatusEnum": "events.models.Operation.Status",
        "ProposalStateEnum": "assessments.models.Proposal.State",
        "RoleEnum": "contractors.roles.Role",
        "ScopeCoversEnum": "suppliers.models.Certification.ScopeCovers",
        "SideEnum": "assessments.models.Side",
        "SupplierStatusEnum": "suppliers.models.Supplier.Status",
        "UnaskableEnum": "assessments.gauging.CHOICES",
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []

env.seal()
