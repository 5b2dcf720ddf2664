"""`make test`: the development settings, strict and quick."""

import os

from kaysis.local import addresses
from kaysis.settings.base import *  # noqa: F403
from kaysis.settings.undefined import Undefined

TESTING = True
SECRET_KEY = "test-only-key-never-used-in-production-0123456789-0123"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
NATIONAL_ID_KEY = "dGVzdC1vbmx5LWtleS0zMi1ieXRlcy1sb25nLWFiY2Q="
NATIONAL_ID_HASH_KEY = "dGVzdC1vbmx5LWhhc2gta2V5LTMyLWJ5dGVzLWxvbmc="
DEMO_SIGN_IN = True
DEVELOPER_PAGES = True
# Tests create their own database, which only the owner may.
DATABASES["default"].update(env.db_url_config(addresses.database_url("owner")))  # noqa: F405
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
# A name of its own for each run, so that two of them on one machine do not meet. Processes that a
# test starts are told the name.
RUN = env("TEST_RUN", default=str(os.getpid()))  # noqa: F405
DATABASES["default"]["TEST"] = {"NAME": f"test_kaysis_{RUN}"}  # noqa: F405
# Between two tests the owner may empty even the append-only tables (kaysis.accounts.audit).
DATABASES["default"]["OPTIONS"] = {"options": "-c kaysis.maintenance=on"}  # noqa: F405
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
# Static files straight from their sources, also for the live server of browser tests.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# Tests that change data run in a transaction that never commits: kept pages would never grow old.
PAGE_CACHE = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES["default"]["KEY_PREFIX"] = f"kaysis-test-{RUN}"  # noqa: F405
CELERY_TASK_ALWAYS_EAGER = False
# Tests ask faster than any client may; those of the throttle set their own rates.
API_THROTTLES = {}
# An undefined name in a template fails the test instead of printing nothing.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()  # noqa: F405
