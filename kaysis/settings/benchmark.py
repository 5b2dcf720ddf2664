"""`manage.py benchmark`: as production serves pages, in scratch databases that the owner makes."""

from kaysis.local import addresses
from kaysis.settings.base import *  # noqa: F403

SECRET_KEY = "benchmark-only-key-never-used-in-production-0123456789"
ALLOWED_HOSTS = ["testserver"]
NATIONAL_ID_KEY = "ZGV2ZWxvcG1lbnQtb25seS1rZXktMzItYnl0ZXMhISE="
NATIONAL_ID_HASH_KEY = "ZGV2ZWxvcG1lbnQtb25seS1oYXNoLWtleS0zMi1ieXQ="
DEVELOPER_PAGES = True  # the empty page that others are measured against
DATABASES["default"].update(env.db_url_config(addresses.database_url("owner")))  # noqa: F405
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False  # noqa: F405
CACHES["default"]["KEY_PREFIX"] = "kaysis-benchmark"  # noqa: F405
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
LOGGING = {"version": 1, "disable_existing_loggers": True}
# One client asks as fast as it can.
API_THROTTLES = {"anonymous": "", "client": ""}
# An archive of legislation on which rows are measured, ten times over; none: only the demo.
BENCHMARK_CORPUS = env("BENCHMARK_CORPUS", default="")  # noqa: F405
