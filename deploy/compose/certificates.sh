#!/bin/sh
# Makes what compose.yaml needs and nobody should share: a CA with certificates for broker and database in certs/, passwords in secrets/. What is there stays.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p certs secrets

password() { [ -s "secrets/$1" ] || openssl rand -hex 24 | tr -d '\n' >"secrets/$1"; }

certificate() { # name
  [ -s "certs/$1.pem" ] && return
  openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "certs/$1.key" -out "certs/$1.csr" 2>/dev/null
  printf 'subjectAltName=DNS:%s,DNS:localhost,IP:127.0.0.1\n' "$1" >"certs/$1.ext"
  openssl x509 -req -in "certs/$1.csr" -CA certs/ca.pem -CAkey certs/ca.key -CAcreateserial -days 825 -extfile "certs/$1.ext" -out "certs/$1.pem" 2>/dev/null
  rm "certs/$1.csr" "certs/$1.ext"
}

[ -s certs/ca.pem ] || openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=Pressure CA" -keyout certs/ca.key -out certs/ca.pem 2>/dev/null
certificate rabbitmq
certificate postgres
password database
password broker

# RabbitMQ wants its users as a hash: four bytes of salt, then SHA-256 over salt and password.
if ! [ -s secrets/broker-users.json ]; then
  openssl rand 4 >secrets/salt
  hash=$({ cat secrets/salt; { cat secrets/salt secrets/broker; } | openssl dgst -sha256 -binary; } | base64 | tr -d '\n')
  rm secrets/salt
  cat >secrets/broker-users.json <<JSON
{
  "users": [ { "name": "pressure", "password_hash": "$hash", "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": "" } ],
  "vhosts": [ { "name": "/" } ],
  "permissions": [ { "user": "pressure", "vhost": "/", "configure": "^(pressure|amq\\\\.gen).*", "write": "^(pressure|amq\\\\.(gen|default)).*", "read": "^(pressure|amq\\\\.gen).*" } ]
}
JSON
fi
# The containers' users are others than this one, and have to read; nobody else on this machine does, since the folders are closed to them.
chmod 644 certs/*.pem certs/postgres.key certs/rabbitmq.key secrets/*
echo "certs/ and secrets/ are there. Next: docker compose up -d"
