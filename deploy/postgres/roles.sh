#!/bin/bash
# Runs once, as the superuser, when the data volume is new: the two roles, the database, the extensions.
# The owner migrates; the portal runs as the other, which gets its rights after each migration.
set -euo pipefail

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres \
	--set owner_password="$KAYSIS_OWNER_PASSWORD" --set app_password="$KAYSIS_APP_PASSWORD" <<'SQL'
CREATE ROLE kaysis_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE kaysis_app LOGIN PASSWORD :'app_password';
CREATE DATABASE kaysis OWNER kaysis_owner;
REVOKE CONNECT, TEMPORARY ON DATABASE kaysis FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE kaysis TO kaysis_app;
\connect kaysis
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
SQL
