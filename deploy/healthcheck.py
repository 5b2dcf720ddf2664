"""Whether the web server in this container answers. Exit status 0 or 1."""

import http.client
import os
import sys

# Where gunicorn.conf.py lets it listen.
PORT = int(os.environ.get("GUNICORN_BIND", ":8000").rpartition(":")[2])
# Only alive, not ready: a container that waits for its database need not be replaced.
PATH = "/saglik/canli/"


def answers() -> bool:
    """Ask as the proxy would: with a host name Django accepts, over what it takes for TLS."""
    hosts = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]
    # `.example` in ALLOWED_HOSTS means any name below it, `*` any name at all.
    host = (hosts or ["localhost"])[0].replace("*", "localhost").lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=4)
    try:
        connection.request("GET", PATH, headers={"Host": host, "X-Forwarded-Proto": "https"})
        return connection.getresponse().status == http.client.OK
    except OSError as error:
        print(error, file=sys.stderr)
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not answers())
