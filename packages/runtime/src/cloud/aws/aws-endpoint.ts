// Where a service of AWS is reached, and in which region the process runs.
import { type Environment, settingOf } from "../environment.ts";

/** Endings of the other partitions, by what their regions begin with (https://docs.aws.amazon.com/general/latest/gr/rande.html). */
const OTHER_DOMAINS = [["cn-", "amazonaws.com.cn"]] as const;

/**
 * Without a slash at the end. The environment's AWS_ENDPOINT_URL_<SERVICE> and AWS_ENDPOINT_URL go before
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html); `serviceId` is the service's name there, where it differs.
 */
export function awsEndpoint(service: string, region: string, environment: Environment, serviceId = service): string {
  const named =
    settingOf(environment, `AWS_ENDPOINT_URL_${serviceId.toUpperCase()}`) ?? settingOf(environment, "AWS_ENDPOINT_URL");
  if (named !== undefined) return named.replace(/\/$/, "");
  const domain = OTHER_DOMAINS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? "amazonaws.com";
  return `https://${service}.${region}.${domain}`;
}

/** undefined: the environment names none. */
export function awsRegion(environment: Environment): string | undefined {
  return settingOf(environment, "AWS_REGION") ?? settingOf(environment, "AWS_DEFAULT_REGION");
}
