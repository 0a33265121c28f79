#!/usr/bin/env bash
# Builds kube-apiserver and Helm from their Go modules into tmp/kubernetes-tools of this checkout, with the idle time of the machine.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tools=$here/../../tmp/kubernetes-tools
mkdir -p "$tools/server"
cp "$here/server/main.go" "$tools/server/"
# Not named go.mod in the checkout: it is no module of it.
cp "$here/server/modules.txt" "$tools/server/go.mod"
export GOFLAGS=-mod=mod
cd "$tools/server"
nice -n 19 go mod tidy
nice -n 19 go build -p 1 -trimpath -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=v1.33.13 -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=33" -o "$tools/kube-apiserver" .
GOBIN=$(cd "$tools" && pwd) nice -n 19 go install -p 1 helm.sh/helm/v3/cmd/helm@v3.22.0
# What an HTTPRoute may say.
gateway_api=$(go mod download -json sigs.k8s.io/gateway-api@v1.4.0 | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
install -m 644 "$gateway_api/config/crd/standard/gateway.networking.k8s.io_httproutes.yaml" "$tools/"
