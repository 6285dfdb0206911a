#!/bin/sh
# What an image of PostgreSQL does at its first start, for one that is nothing but this machine's programs.
set -eu
data=/var/lib/postgresql/data
bin=/usr/lib/postgresql/15/bin
chmod 1777 /tmp
chown postgres "$data" /var/lib/postgresql
chmod 700 "$data"
as() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
install -o postgres -m 600 "$POSTGRES_PASSWORD_FILE" /tmp/password
[ -s "$data/PG_VERSION" ] || { as "$bin/initdb" -D "$data" -U "$POSTGRES_USER" --pwfile=/tmp/password --auth=scram-sha-256 -E UTF8 >/dev/null && echo "create database $POSTGRES_DB" | as "$bin/postgres" --single -D "$data" postgres >/dev/null && echo 'hostssl all all all scram-sha-256' >>"$data/pg_hba.conf"; }
install -o postgres -m 600 /run/certs/postgres.key /var/lib/postgresql/server.key
exec setpriv --reuid=postgres --regid=postgres --clear-groups "$bin/postgres" -D "$data" -c listen_addresses='*' -c unix_socket_directories=/tmp -c ssl=on -c ssl_cert_file=/run/certs/postgres.pem -c ssl_key_file=/var/lib/postgresql/server.key
