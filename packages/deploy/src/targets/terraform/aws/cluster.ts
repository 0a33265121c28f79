// What an app on EKS needs of AWS beside the cluster, which is there already: servers, stores, the broker, secrets, places for images, and a role for
// each process that uses any of it, which its ServiceAccount assumes by the cluster's own tokens.
import type { Deployment } from "../../../deployment/deployment.ts";
import { withoutTopics } from "../../../deployment/topic-uses.ts";
import type { TargetInput } from "../../../target.ts";
import { type Block, data, label, local, output, ref, resource } from "../blocks.ts";
import type { CloudResources } from "../cloud.ts";
import { clusterOutputs, type ClusterPlaces } from "../cluster/cluster-outputs.ts";
import { prepareScript, type StoredValue } from "../cluster/prepare-script.ts";
import { provisionFile, provisionJob } from "../cluster/provision-job.ts";
import { allNeededSecrets, databaseNames, secretName, type SecretSource } from "../needed-secrets.ts";
import { passwordVariable } from "../../../deployment/variables.ts";
import { isBrokerManaged } from "../settings.ts";
import { brokerBlocks, brokerStatements, wholeBrokerPlace } from "./broker.ts";
import {
  bucketStatementsOf,
  cacheGroup,
  cachePort,
  databasePort,
  grantsOf,
  roleName,
  type Statement,
} from "./grants.ts";
import { imageBlocks, registryPrefix } from "./images.ts";
import { role } from "./identities.ts";
import { backendExample, prepareBlock, providerBlocks } from "./main.ts";
import { group, groupId, tcp } from "./network.ts";
import { secretBlocks } from "./secrets.ts";
import { bucketBlocks, cacheBlocks, cachePlace, databaseBlocks, databaseServer, objectStorage } from "./stores.ts";
import { clusterExampleValues, clusterVariableBlocks } from "./variables.ts";

export function clusterResources(input: TargetInput): CloudResources {
  const { settings } = input;
  const isManaged = isBrokerManaged(input);
  const deployment = isManaged ? withoutTopics(input.deployment) : input.deployment;
  const hasDatabase = databaseNames(deployment).length > 0;
  const statements = [...bucketStatementsOf(deployment), ...(isManaged ? brokerStatements(input.deployment) : [])];
  const units = unitsWith(statements);
  return {
    files: {
      main: [...providerBlocks(hasDatabase), prepareBlock(deployment, settings["perUnitImages"] === true)],
      variables: clusterVariableBlocks(deployment),
      images: imageBlocks(deployment, settings),
      cluster: clusterBlocks(units.length > 0),
      identities: units.flatMap((unit) => identityBlocks(unit, statements)),
      network: networkBlocks(deployment, hasDatabase),
      secrets: secretBlocks(deployment),
      stores: [...(hasDatabase ? databaseBlocks() : []), ...cacheBlocks(deployment), ...bucketBlocks(deployment)],
      broker: isManaged ? brokerBlocks(input.deployment) : [],
      outputs: [
        ...clusterOutputs({ deployment, settings }, placesOf(input, units), {
          host: ref("aws_db_instance.main.address"),
          user: ref("aws_db_instance.main.username"),
          ca: ref("data.http.database_ca.response_body"),
        }),
        output("region", "Where all of it is.", ref("var.region")),
        ...(hasDatabase ? [administratorOutput] : []),
      ],
    },
    grants: grantsOf(statements, []),
    notes,
    scripts: { "prepare-cluster.sh": prepareCluster(deployment, hasDatabase) },
    otherFiles: hasDatabase
      ? { [provisionFile]: provisionJob({ databases: databaseNames(deployment), sslMode: "verify-full", hasCa: true }) }
      : {},
    exampleValues: clusterExampleValues,
    backendExample,
  };
}

function placesOf(input: TargetInput, units: readonly string[]): ClusterPlaces {
  const { deployment, settings } = input;
  return {
    cloud: "aws",
    imagePrefix: registryPrefix(deployment, settings),
    identities: Object.fromEntries(
      units.map((unit) => [unit, ref(`aws_iam_role.${roleName(unit, "run")}.arn`)] as const),
    ),
    databaseServer,
    redis: cachePlace,
    objectStorage: (buckets) => objectStorage(deployment, buckets),
    ...(isBrokerManaged(input) && deployment.topics.length > 0 ? { pubsub: wholeBrokerPlace(deployment) } : {}),
  };
}

/** Processes that use something of AWS by themselves. */
function unitsWith(statements: readonly Statement[]): readonly string[] {
  return [...new Set(statements.map(({ unit }) => unit))].sort();
}

function clusterBlocks(hasIdentities: boolean): readonly Block[] {
  const cluster = data("aws_eks_cluster", "main", { name: ref("var.cluster_name") });
  if (!hasIdentities) return [cluster];
  const issuer = "data.aws_eks_cluster.main.identity[0].oidc[0].issuer";
  return [
    cluster,
    data("aws_iam_openid_connect_provider", "cluster", { url: ref(issuer) }),
    local("token_issuer", ref(`replace(${issuer}, "https://", "")`)),
  ];
}

/** Only tokens of this one ServiceAccount, made for AWS, are taken. */
function identityBlocks(unit: string, statements: readonly Statement[]): readonly Block[] {
  const assume = `assume_${label(unit)}`;
  const claim = (name: string, value: string) => ({
    test: "StringEquals",
    variable: `${ref("local.token_issuer")}:${name}`,
    values: [value],
  });
  return [
    data("aws_iam_policy_document", assume, {
      statement: [
        {
          actions: ["sts:AssumeRoleWithWebIdentity"],
          principals: [{ type: "Federated", identifiers: [ref("data.aws_iam_openid_connect_provider.cluster.arn")] }],
          condition: [
            claim("aud", "sts.amazonaws.com"),
            claim("sub", `system:serviceaccount:${ref("var.namespace")}:${unit}`),
          ],
        },
      ],
    }),
    ...role(unit, "run", statements, `${ref("var.name")}-${unit}`, assume),
  ];
}

/** Servers are reached from the cluster's nodes; which pods reach them, policies of the cluster say. */
function networkBlocks({ caches }: Deployment, hasDatabase: boolean): readonly Block[] {
  const cluster = "data.aws_eks_cluster.main.vpc_config[0]";
  const servers = [
    ...(hasDatabase ? [{ name: "database", port: databasePort }] : []),
    ...caches.map(({ name }) => ({ name: cacheGroup(name), port: cachePort })),
  ];
  return servers.flatMap(({ name, port }) => [
    group(name, ref(`${cluster}.vpc_id`)),
    resource("aws_vpc_security_group_ingress_rule", `cluster_to_${name}`, {
      description: "Nodes of the cluster.",
      security_group_id: groupId(name),
      referenced_security_group_id: ref(`${cluster}.cluster_security_group_id`),
      ...tcp(port),
    }),
  ]);
}

function prepareCluster(deployment: Deployment, hasDatabase: boolean): string {
  const passwords = databaseNames(deployment).map((database): StoredValue => {
    const source: SecretSource = { kind: "database", database };
    return { variable: passwordVariable(database), secret: storedName(source) };
  });
  const readSecret = 'aws secretsmanager get-secret-value --secret-id "$2" --query SecretString --output text';
  const administrator = `aws secretsmanager get-secret-value --secret-id "$("$terraform" output -raw database_administrator)" --query SecretString --output text |
  node -p 'JSON.parse(require("node:fs").readFileSync(0, "utf8")).password'`;
  return prepareScript(deployment, {
    setUp: [
      'name=$("$terraform" output -raw name)',
      'AWS_REGION=$("$terraform" output -raw region)',
      "export AWS_REGION",
    ].join("\n"),
    readSecret,
    values: allNeededSecrets(deployment).map(({ source, variable }) => ({ variable, secret: storedName(source) })),
    ...(hasDatabase ? { database: { readPassword: administrator, passwords, hasCa: true } } : {}),
  });
}

const administratorOutput = output(
  "database_administrator",
  "The secret with the password of the server's administrator.",
  ref("aws_db_instance.main.master_user_secret[0].secret_arn"),
);

function storedName(source: SecretSource): string {
  return `$name/${secretName(source)}`;
}

const notes = [
  "Which process reaches which server, the cluster's NetworkPolicies say (`tenon deploy kubernetes`): AWS sees the nodes, and lets them to the servers' ports.",
  "A role is assumed by tokens of one ServiceAccount of one namespace. Processes that use neither buckets nor topics have none.",
];
