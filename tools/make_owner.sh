#!/bin/sh
# Runs once in the database's container, on an empty volume: the role that migrates, and no more.
set -eu
psql -v ON_ERROR_STOP=1 --username postgres --set password="$OWNER_PASSWORD" <<'SQL'
CREATE ROLE tasuki_owner LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE tasuki OWNER tasuki_owner;
SQL
