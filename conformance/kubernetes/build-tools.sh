#!/usr/bin/env bash
# Builds `admission` and Helm from their Go modules into tmp/kubernetes-tools of this checkout, with the idle time of the machine.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$here/../../tmp/kubernetes-tools/admission-source"
tools=$(cd "$here/../../tmp/kubernetes-tools" && pwd)
cp "$here/admission/main.go" "$tools/admission-source/"
# Not named go.mod in the checkout: it is no module of it.
cp "$here/admission/modules.txt" "$tools/admission-source/go.mod"
cd "$tools/admission-source"
export GOFLAGS=-mod=mod
nice -n 19 go mod tidy
nice -n 19 go build -p 1 -trimpath -ldflags "-s -w" -o "$tools/admission" .
GOBIN=$tools nice -n 19 go install -p 1 helm.sh/helm/v3/cmd/helm@v3.22.0
