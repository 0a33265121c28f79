#!/usr/bin/env bash
# Builds `nsqd` from its Go module into tmp/nsqd of this checkout, where the tests look for it. Needs Go 1.21 or newer.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$here/../../tmp/nsqd/source"
cd "$here/../../tmp/nsqd/source"
# `go install` does not take modules that replace another, as this one does.
cat >go.mod <<'END'
module nsqd

go 1.21

require github.com/nsqio/nsq v1.3.0

replace github.com/judwhite/go-svc => github.com/mreiferson/go-svc v1.2.2-0.20210815184239-7a96e00010f6
END
nice -n 19 go build -mod=mod -p 2 -trimpath -ldflags "-s -w" -o ../nsqd github.com/nsqio/nsq/apps/nsqd
