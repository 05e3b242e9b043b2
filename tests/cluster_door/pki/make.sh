#!/bin/sh
# Made the certificates here, which are worth nothing: they open servers that live for the length of a test.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }
key "$work/ca.key"
openssl req -x509 -key "$work/ca.key" -out ca.pem -days 36500 -subj "/CN=tests"
key server.key
openssl req -new -key server.key -subj /CN=server -out "$work/server.csr"
sign() { # name, extensions, more arguments
  name=$1 extensions=$2; shift 2
  echo "$extensions" > "$work/ext"
  openssl x509 -req -in "$work/server.csr" -CA ca.pem -CAkey "$work/ca.key" -out "$name" -extfile "$work/ext" "$@"
}
sign server.pem subjectAltName=DNS:localhost,IP:127.0.0.1 -days 36500
sign other-name.pem subjectAltName=DNS:api.example.org -days 36500
# An end in the past takes openssl's ca command.
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s/db\nserial=%s/serial\nnew_certs_dir=%s\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' "$work" "$work" "$work" > "$work/ca.conf"
: > "$work/db"; echo 01 > "$work/serial"; echo subjectAltName=DNS:localhost,IP:127.0.0.1 > "$work/ext"
openssl ca -batch -config "$work/ca.conf" -in "$work/server.csr" -cert ca.pem -keyfile "$work/ca.key" -out expired.pem \
  -extfile "$work/ext" -startdate 20200101000000Z -enddate 20210101000000Z -notext
key client.key
openssl req -new -key client.key -subj /O=testers/CN=client -out "$work/server.csr"
sign client.pem extendedKeyUsage=clientAuth -days 36500
openssl ec -in client.key -aes256 -passout pass:secret -out client-encrypted.key
key "$work/stranger.key"
openssl req -x509 -key "$work/stranger.key" -out stranger-ca.pem -days 36500 -subj "/CN=stranger"
