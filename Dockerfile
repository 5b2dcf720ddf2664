# One image for web, worker, beat and migrate: what a container does is its command.
# The Python is the one the tests run on.
ARG PYTHON=3.11-slim-bookworm

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN apt-get update \
    && apt-get install -y --no-install-recommends gettext \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
# Before the code, so that a change of the code does not install them again.
COPY requirements/base.txt requirements/base.txt
RUN pip install --require-hashes --no-deps -r requirements/base.txt
COPY . .
# The values of check.env are invented; nothing of them stays in what is collected.
RUN for catalogue in locale/*/LC_MESSAGES/*.po; do \
        msgfmt --check-format -o "${catalogue%.po}.mo" "$catalogue" || exit 1; \
    done \
    && set -a && . deploy/check.env && set +a \
    && python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q -j 0 /venv . \
    && rm deploy/check.env

FROM python:${PYTHON} AS portal
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin kaysis \
    && install -d -o kaysis -g kaysis -m 0750 /data /data/media
COPY --from=build /venv /venv
# Owned by root: a process that is broken into cannot change the code it runs.
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=kaysis.settings.production \
    MEDIA_ROOT=/data/media
USER kaysis
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "kaysis.wsgi:application"]
