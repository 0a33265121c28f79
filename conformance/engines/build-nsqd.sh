#!/usr/bin/env bash
# Builds `nsqd` from its Go module into tmp/nsqd of this checkout, where the tests look for it. Needs Go 1.21 or newer.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$here/../../tmp/nsqd"
GOBIN=$(cd "$here/../../tmp/nsqd" && pwd) GOFLAGS=-mod=mod nice -n 19 go install -p 2 -trimpath -ldflags "-s -w" github.com/nsqio/nsq/apps/nsqd@v1.3.0
