// prepare-cluster.sh: what Terraform does not do inside a cluster. It brings the values that the cloud's store keeps into the app's Secret, and has a
// Job make databases and their roles.
import type { Deployment } from "../../../deployment/deployment.ts";
import { clusterSecretName } from "./cluster-outputs.ts";
import { provisionFile, provisionName } from "./provision-job.ts";

/** A value in the cloud's store, and the environment variable that programs get it in. */
export interface StoredValue {
  readonly variable: string;
  /** As shell text: "$name/key". */
  readonly secret: string;
}

export interface PrepareParts {
  /** Shell lines before all others. */
  readonly setUp: string;
  /** Shell command that prints the value of secret "$2". */
  readonly readSecret: string;
  /** Of the app's processes. */
  readonly values: readonly StoredValue[];
  /** Absent: there is no database server. */
  readonly database?: {
    /** Shell command that prints the administrator's password. */
    readonly readPassword: string;
    readonly passwords: readonly StoredValue[];
    /** There is an output "database_ca". */
    readonly hasCa: boolean;
  };
}

export function prepareScript(deployment: Deployment, parts: PrepareParts): string {
  const { setUp, readSecret, values, database } = parts;
  const secret = clusterSecretName(deployment);
  return `#!/bin/sh
# Brings what the app's pods need into the cluster: the Secret with the values that the cloud keeps${database === undefined ? "" : ", and databases with their roles"}.
# Run it after \`terraform apply\`, with kubectl at the cluster, and again when a value or a database is new.
set -eu
umask 077
cd "$(dirname "$0")"

terraform=\${TERRAFORM:-terraform}
namespace=$("$terraform" output -raw namespace)
${setUp}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$folder/app" "$folder/provision"

# value FILE SECRET
value() {
  text=$(${readSecret})
  printf '%s' "$text" >"$folder/$1"
}

# put SECRET FOLDER: each file becomes a key
put() {
  kubectl create secret generic "$1" --namespace "$namespace" --from-file="$2" --dry-run=client --output yaml |
    kubectl apply --server-side --force-conflicts -f -
}

kubectl create namespace "$namespace" --dry-run=client --output yaml | kubectl apply --server-side -f -
${valueLines("app", values)}
put ${secret} "$folder/app"
${database === undefined ? "" : provisionLines(database)}`;
}

function valueLines(folder: string, values: readonly StoredValue[]): string {
  return values.map(({ variable, secret }) => `value ${folder}/${variable} "${secret}"`).join("\n");
}

function provisionLines({ readPassword, passwords, hasCa }: NonNullable<PrepareParts["database"]>): string {
  const within = '--namespace "$namespace"';
  return `
# Databases and roles. The administrator's password is in the cluster for as long as the Job runs.
provision="$folder/provision"
"$terraform" output -raw database_host >"$provision/PGHOST"
"$terraform" output -raw database_user >"$provision/PGUSER"
${hasCa ? '"$terraform" output -raw database_ca >"$provision/DATABASE_CA"\n' : ""}text=$(${readPassword})
printf '%s' "$text" >"$provision/PGPASSWORD"
${valueLines("provision", passwords)}

remove() {
  kubectl delete job/${provisionName} secret/${provisionName} ${within} --ignore-not-found
}
remove
trap 'remove; rm -rf "$folder"' EXIT
put ${provisionName} "$provision"
kubectl apply ${within} -f ${provisionFile}
tries=0
until kubectl wait job/${provisionName} ${within} --for=condition=complete --timeout=10s; do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ] || kubectl wait job/${provisionName} ${within} --for=condition=failed --timeout=0; then
    kubectl logs job/${provisionName} ${within} >&2 || true
    echo "databases and roles were not made" >&2
    exit 1
  fi
done
`;
}
