// The Job that makes databases and their roles on a managed server, inside the cluster, from where the server is reached.
import { stringify } from "yaml";
import { provisionCommand } from "../provision-script.ts";

/** Of the Job, and of the Secret that it reads. */
export const provisionName = "provision-databases";
export const provisionFile = "provision.yaml";

export interface ProvisionJob {
  readonly databases: readonly string[];
  /** Of libpq: "verify-full". */
  readonly sslMode: string;
  /** The authority's certificate comes in DATABASE_CA. */
  readonly hasCa: boolean;
}

const userId = 65532;
const caFile = "/tmp/database-ca.pem";

/** As YAML. It keeps to the restricted Pod Security Standard, as the app's namespace asks of all pods. */
export function provisionJob({ databases, sslMode, hasCa }: ProvisionJob): string {
  const writeCa = hasCa ? `printf '%s' "$DATABASE_CA" > ${caFile}` : undefined;
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: provisionName },
    spec: {
      // Who runs it sees why it failed, and runs it again.
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: userId,
            runAsGroup: userId,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "psql",
              image: "docker.io/library/postgres:17-alpine",
              command: provisionCommand(databases, writeCa),
              envFrom: [{ secretRef: { name: provisionName } }],
              env: [
                { name: "PGPORT", value: "5432" },
                { name: "PGSSLMODE", value: sslMode },
                { name: "PGSSLROOTCERT", value: hasCa ? caFile : "system" },
              ],
              resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "128Mi" } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
            },
          ],
          volumes: [{ name: "tmp", emptyDir: { sizeLimit: "16Mi" } }],
        },
      },
    },
  };
  return `# Made by \`tenon deploy terraform\`; prepare-cluster.sh runs it.\n${stringify(job, { lineWidth: 0 })}`;
}
