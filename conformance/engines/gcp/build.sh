#!/usr/bin/env bash
# Builds the peer of the Pub/Sub suite from its Go modules into tmp/pubsub-peer of this checkout, where the tests look for it. Needs Go 1.24
# or newer.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$here/../../../tmp/pubsub-peer/source"
peer=$(cd "$here/../../../tmp/pubsub-peer" && pwd)
cp "$here/main.go" "$peer/source/"
# Not named go.mod in the checkout: it is no module of it.
cp "$here/modules.txt" "$peer/source/go.mod"
cd "$peer/source"
export GOFLAGS=-mod=mod
nice -n 19 go mod tidy
nice -n 19 go build -p 2 -trimpath -ldflags "-s -w" -o "$peer/pubsub-peer" .
