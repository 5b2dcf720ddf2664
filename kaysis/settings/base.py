"""What every environment shares."""

from pathlib import Path
from typing import Any

import bootstrap_wrapper
import environ
import pghistory
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

# Every process that has settings has the Celery application, whoever started it. The package
# itself imports nothing, so that kaysis.local starts bare and at once.
from kaysis import celery as _celery  # noqa: F401
from kaysis.common import logs
from kaysis.local import addresses

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

DEBUG = False
TESTING = False
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The public address in feeds, open data and e-mails that no request stands behind.
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    # Upper layers first: their templates and commands may override those below.
    "kaysis.search",
    "kaysis.statistics",
    "kaysis.ebys",
    "kma",
    "hsys",
    "heys",
    "dbys",
    "kms",
    "sdps",
    "iyem",
    "detsis",
    "kaysis.accounts",
    "kaysis.common",
    "mptt",
    "pgtrigger",
    "pghistory",
    "oauth2_provider",
    "rest_framework",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "django_structlog",
    "django_prometheus",
    "kaysis.accounts.admin_app.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    # Around everything: counting, the request's number, headers. None of these asks the database,
    # so that the page of an error or of maintenance has them too.
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "kaysis.common.middleware.request_id.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "kaysis.common.middleware.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "kaysis.common.middleware.maintenance.MaintenanceMode",
    # From here on there is a session, and with it a person.
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "kaysis.accounts.middleware.SessionGuard",
    "kaysis.accounts.audit.context.AuditMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "kaysis.common.middleware.errors.DomainErrors",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "kaysis.urls"
WSGI_APPLICATION = "kaysis.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kaysis.common.context.shell",
                "kaysis.accounts.context.account",
            ],
        },
    },
]
FORM_RENDERER = "kaysis.common.formrender.Renderer"
DJANGO_TABLES2_TEMPLATE = "common/table.html"

# --- Data -------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url_config(addresses.database_url("app"))}
DATABASES["default"].update(
    CONN_MAX_AGE=env.int("CONN_MAX_AGE", default=60),
    CONN_HEALTH_CHECKS=True,
    # PgBouncer in transaction pooling keeps no server-side cursor between statements.
    DISABLE_SERVER_SIDE_CURSORS=env.bool("DISABLE_SERVER_SIDE_CURSORS", default=False),
)
# Standbys that answer the pages of people who are not signed in (kaysis.common.replicas).
for _number, _url in enumerate(env.list("DATABASE_REPLICA_URLS", default=[]), 1):
    DATABASES[f"replica{_number}"] = DATABASES["default"] | env.db_url_config(_url)
    # The primary is there if one does not answer.
    DATABASES[f"replica{_number}"].setdefault("OPTIONS", {})["connect_timeout"] = 2
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = addresses.redis_url()
CACHES = {
    "default": {
        "BACKEND": "kaysis.common.valkey.ValkeyCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "kaysis",
        "TIMEOUT": 300,
    }
}
# Whole pages kept for readers who are not signed in (kaysis.common.pagecache).
PAGE_CACHE = env.bool("PAGE_CACHE", default=True)

# --- Jobs -------------------------------------------------------------------------------------
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default=addresses.broker_url())
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# A worker that went with its whole container gave nothing back: after so many seconds, longer than
# any job takes, another does its jobs.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 15 * 60}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "Europe/Istanbul"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

# --- Audit trail ------------------------------------------------------------------------------
# An event table is read by object only; an index per copied foreign key would slow every write.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
# The role the portal runs as. It must own nothing, so that it cannot alter the trail.
DATABASE_APP_ROLE = env("DATABASE_APP_ROLE", default="kaysis_app")
# How many reverse proxies of ours stand in front: decides whose X-Forwarded-For is believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# --- People and sessions ----------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["kaysis.accounts.backends.SessionBackend"]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "accounts:home"
SIGN_OUT_URL = "accounts:sign_out"
# Folders behind kaysis.accounts.methods; `demo` joins them where DEMO_SIGN_IN is on.
SIGN_IN_METHODS = ["edevlet", "eimza", "mimza"]
# The e-Devlet gateway; without these the method is shown as not connected.
EDEVLET_URL = env("EDEVLET_URL", default="")
EDEVLET_CLIENT_ID = env("EDEVLET_CLIENT_ID", default="")
EDEVLET_CLIENT_SECRET = env("EDEVLET_CLIENT_SECRET", default="")
# Mobile signature: each operator has a service of its own (kaysis.accounts.methods.mimza).
MIMZA_OPERATORS = {
    key: {
        "name": env(f"MIMZA_{key.upper()}_NAME", default=key),
        "url": env(f"MIMZA_{key.upper()}_URL"),
        "ap_id": env(f"MIMZA_{key.upper()}_AP_ID"),
        "ap_password": env(f"MIMZA_{key.upper()}_AP_PASSWORD"),
        "soap": env(f"MIMZA_{key.upper()}_SOAP", default="1.2"),
        "mssp_id": env(f"MIMZA_{key.upper()}_MSSP_ID", default=""),
        "profile": env(f"MIMZA_{key.upper()}_PROFILE", default=""),
    }
    for key in env.list("MIMZA_OPERATORS", default=[])
}
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=8 * 60 * 60)
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kaysis.common.views.errors.csrf_failure"
# base64, 32 bytes: encrypts national ids, and keys the hash they are looked up by. The first may be
# several, separated by commas: the first encrypts, all decrypt (`rotate_national_id_key`).
NATIONAL_ID_KEY = env("NATIONAL_ID_KEY", default="")
NATIONAL_ID_HASH_KEY = env("NATIONAL_ID_HASH_KEY", default="")
# Whose qualified certificates are believed: a PEM file of root certificates; empty: nobody's. The
# second file may complete chains that signatures bring incomplete; it is not trusted by itself.
SIGNATURE_TRUST_ANCHORS = env("SIGNATURE_TRUST_ANCHORS", default="")
SIGNATURE_INTERMEDIATES = env("SIGNATURE_INTERMEDIATES", default="")
# Revocation is asked for at public addresses, and in these networks of ours.
SIGNATURE_PRIVATE_NETWORKS: list[str] = env.list("SIGNATURE_PRIVATE_NETWORKS", default=[])
# e-imza: where the signing component listens on everybody's own computer, its name, and the page
# where people get it.
EIMZA_COMPONENT_URL = env("EIMZA_COMPONENT_URL", default="http://127.0.0.1:8095")
EIMZA_COMPONENT_NAME = env("EIMZA_COMPONENT_NAME", default="KAYSİS İmza Bileşeni")
EIMZA_COMPONENT_PAGE = env("EIMZA_COMPONENT_PAGE", default="")
# Pages for those who build the portal: /stil/, /saglik/bos/.
DEVELOPER_PAGES = False
# Signing in as an invented person. Only development turns it on; a check refuses it elsewhere.
DEMO_SIGN_IN = False

# --- Language, place, time --------------------------------------------------------------------
LANGUAGE_CODE = "tr"
LANGUAGES = [("tr", _("Türkçe")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
# Dates are 24.11.2026 and times 14:05 in both languages.
FORMAT_MODULE_PATH = ["kaysis.common.formats"]
TIME_ZONE = "Europe/Istanbul"

# --- Files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", bootstrap_wrapper.get_bootstrap_dir())]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Source maps are read by developers alone; compressing them takes longer than all the rest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
MEDIA_ROOT = env("MEDIA_ROOT", default=str(BASE_DIR / ".local" / "media"))

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["kaysis.common.api.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["kaysis.accounts.tokens.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_THROTTLE_CLASSES": ["kaysis.common.api.throttling.ClientThrottle"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "kaysis.common.api.problems.exception_handler",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
# Requests per client: N/s, N/m, N/h, N/d, or over several units as in 50/10s. Empty: no limit.
API_THROTTLES = {
    "anonymous": env("API_THROTTLE_ANONYMOUS", default="120/m"),
    "client": env("API_THROTTLE_CLIENT", default="1200/m"),
}
# For how long a confirmed list of managers counts as kept current (İYEM, rule 16).
IYEM_CONFIRMATION_DAYS = env.int("IYEM_CONFIRMATION_DAYS", default=180)
# How many different national ids an officer may look up, on screens and in sheets.
IYEM_ID_LOOKUPS = {
    "typed": env.list("IYEM_ID_LOOKUPS_TYPED", default=["300/h", "1000/d"]),
    "sheet": env.list("IYEM_ID_LOOKUPS_SHEET", default=["20000/d"]),
}
# Within how many days a place with fewer than two İYEM officers is to have two again (rule 4).
IYEM_OFFICERS_DEADLINE_DAYS = env.int("IYEM_OFFICERS_DEADLINE_DAYS", default=30)
# How long national ids and phones of decided applications are kept (KVKK).
IYEM_RETENTION_DAYS = env.int("IYEM_RETENTION_DAYS", default=365)
# The unit that authorises İYEM Yetkilileri, as the addressee of letters; 0: the head of the state.
IYEM_CENTRE_UNIT = env.int("IYEM_CENTRE_UNIT", default=0)
# Machine clients: only they use OAuth 2, each with its own credentials.
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "SCOPES": {"read": "Okuma", "iyem.proxies": "Vekâlet kaydı"},
    "DEFAULT_SCOPES": ["read"],
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "ALLOWED_GRANT_TYPES": ["client_credentials"],
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    # The security practice of RFC 9700, which the library still leaves to be asked for. Tokens are
    # kept as hashes.
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "KAYSİS API",
    "DESCRIPTION": _("Devlet teşkilatı, mevzuat, hizmetler ve belgeler üzerine açık arayüz."),
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "kaysis.common.api.schema.add_problems",
    ],
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "AppointmentKind": "iyem.models.AppointmentKind",
        "AbsenceKind": "iyem.models.AbsenceKind",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Security ---------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

EMAIL_CONFIG = env.email_url_config(env("EMAIL_URL", default="") or "consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="kaysis@localhost")

# --- Watching ---------------------------------------------------------------------------------
LOGGING = logs.configure(json=True, level=env("LOG_LEVEL", default="INFO"))
# Celery keeps the logging above, and its lines carry the number of the request that sent the job.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# /metrics: who may read it, by bearer token or by network (never through a proxy).
METRICS_TOKEN = env("METRICS_TOKEN", default="")
METRICS_ALLOWED_NETWORKS = env.list("METRICS_ALLOWED_NETWORKS", default=["127.0.0.0/8", "::1/128"])
# Whether /saglik/ is unhealthy while no worker has been heard of.
HEALTH_REQUIRE_WORKER = env.bool("HEALTH_REQUIRE_WORKER", default=False)
# Closes this server whatever `manage.py maintenance` says.
MAINTENANCE_MODE = env.bool("MAINTENANCE_MODE", default=False)

# Shown to readers on the pages about the portal.
CONTACT_EMAIL = env("CONTACT_EMAIL", default="kaysis@localhost")
