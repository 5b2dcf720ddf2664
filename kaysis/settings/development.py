"""`make run` and work at the desk."""

from kaysis.common import logs
from kaysis.settings.base import *  # noqa: F403

DEBUG = True
SECRET_KEY = "development-only-key-never-used-in-production-0123456789"
ALLOWED_HOSTS = ["*"]
# Fixed keys, so that demo data stays readable from one start to the next.
NATIONAL_ID_KEY = "ZGV2ZWxvcG1lbnQtb25seS1rZXktMzItYnl0ZXMhISE="
NATIONAL_ID_HASH_KEY = "ZGV2ZWxvcG1lbnQtb25seS1oYXNoLWtleS0zMi1ieXQ="
DEMO_SIGN_IN = True
DEVELOPER_PAGES = True
LOGGING = logs.configure(json=False)
# The time a page took, in the browser's tools: Server-Timing.
MIDDLEWARE.insert(  # noqa: F405
    MIDDLEWARE.index("kaysis.common.middleware.request_id.RequestId") + 1,  # noqa: F405
    "kaysis.common.middleware.timing.ServerTiming",
)
TEMPLATES[0]["BACKEND"] = "kaysis.common.middleware.timing.TimedTemplates"  # noqa: F405
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
