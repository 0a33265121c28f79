// What an image is called: "ghcr.io/acme/shop:1.2", "shop/orders", "localhost:5000/shop@sha256:...". The rules are those of the
// distribution specification, with Docker's for names that leave the registry out.
import { DeployError } from "../../deploy-error.ts";

export interface ImageReference {
  /** Host and port; undefined: the name begins with none. */
  readonly registry: string | undefined;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const repositoryPattern = new RegExp(`^${component}(?:/${component})*$`);
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** Throws DeployError `image_reference_invalid`. */
export function parseImageReference(text: string): ImageReference {
  const [beforeDigest, digest, ...more] = text.split("@");
  const slash = beforeDigest!.indexOf("/");
  const first = slash === -1 ? "" : beforeDigest!.slice(0, slash);
  // As Docker tells a host from a part of the name.
  const registry = /[.:]/.test(first) || first === "localhost" ? first : undefined;
  const rest = registry === undefined ? beforeDigest! : beforeDigest!.slice(slash + 1);
  const colon = rest.indexOf(":");
  const repository = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? undefined : rest.slice(colon + 1);
  const problem =
    more.length > 0 || (digest !== undefined && !digestPattern.test(digest))
      ? "what follows @ must be sha256: and 64 hexadecimal digits"
      : !repositoryPattern.test(repository)
        ? "a name consists of lower-case letters, digits, and . _ - between them, in parts separated by /"
        : tag !== undefined && !tagPattern.test(tag)
          ? "a tag consists of letters, digits, _ . and -, 128 at most"
          : undefined;
  if (problem === undefined) return { registry, repository, tag, digest };
  throw new DeployError(
    "image_reference_invalid",
    `"${text}" is no name of an image: ${problem}`,
    'For example "ghcr.io/acme/shop:1.2".',
  );
}

/** Where an image is pulled from: without a registry in its name, Docker Hub, whose own images are below `library/`. */
export function pullPlace({ registry, repository }: ImageReference): { registry: string; repository: string } {
  const isHub = registry === undefined || registry === "docker.io";
  if (!isHub) return { registry, repository };
  return { registry: "docker.io", repository: repository.includes("/") ? repository : `library/${repository}` };
}
