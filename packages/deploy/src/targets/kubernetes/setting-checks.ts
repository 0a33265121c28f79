// What is wrong with the values of the Kubernetes target's settings.
import type { SettingValue } from "../../target.ts";
import type { OutsideKind, Scale } from "./read-settings.ts";

export function oneOf(...words: readonly string[]): (value: SettingValue) => string | undefined {
  return (value) => (words.includes(value as string) ? undefined : `must be one of ${words.join(", ")}`);
}

export function dnsLabel(value: SettingValue): string | undefined {
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(value as string)
    ? undefined
    : "must be a DNS label: a-z, 0-9 and dashes";
}

export function host(value: SettingValue): string | undefined {
  return /^[A-Za-z0-9._-]+(:\d{1,5})?$/.test(value as string) ? undefined : "must be a host with or without a port";
}

export function url(value: SettingValue): string | undefined {
  const isUrl = /^https?:\/\//.test(value as string) && URL.canParse(value as string);
  return isUrl ? undefined : "must begin with http:// or https://";
}

export function gatewayRef(value: SettingValue): string | undefined {
  return /^[a-z0-9.-]+\/[a-z0-9.-]+$/.test(value as string) ? undefined : "must be NAMESPACE/NAME";
}

const cidr = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*)\/\d{1,3}$/;

export function cidrs(value: SettingValue): string | undefined {
  return (value as readonly string[]).every((one) => cidr.test(one)) ? undefined : 'must be CIDRs: "10.0.0.0/16"';
}

export function egress(value: SettingValue): string | undefined {
  const kinds: readonly string[] = ["database", "broker", "cache", "objectStore", "telemetry"] satisfies OutsideKind[];
  const isRight = Object.entries(value).every(
    ([kind, list]) => kinds.includes(kind) && isListOf(list, (one) => cidr.test(one)),
  );
  return isRight ? undefined : `must be lists of CIDRs under ${kinds.join(", ")}`;
}

export function outside(value: SettingValue): string | undefined {
  const isPlace = (one: string) => /:\d{1,5}$/.test(one) && cidr.test(one.replace(/:\d{1,5}$/, ""));
  return Object.values(value).every((list) => isListOf(list, isPlace))
    ? undefined
    : 'must be lists of CIDR:PORT: {"payments": ["0.0.0.0/0:443"]}';
}

function isListOf(list: unknown, isRight: (one: string) => boolean): boolean {
  return Array.isArray(list) && list.every((one) => typeof one === "string" && isRight(one));
}

export function texts(value: SettingValue): string | undefined {
  return Object.values(value).every((one) => typeof one === "string") ? undefined : "must be an object of texts";
}

export function wholeNumber(value: SettingValue): string | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? undefined : "must be a whole number of at least 1";
}

export function quantity(value: SettingValue): string | undefined {
  return /^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.test(value as string)
    ? undefined
    : 'must be a quantity of Kubernetes: "250m", "512Mi"';
}

const scaleChecks = {
  replicas: wholeNumber,
  maxReplicas: wholeNumber,
  cpuPercent: wholeNumber,
  cpu: quantity,
  memory: quantity,
};

export function units(value: SettingValue): string | undefined {
  for (const [unit, scale] of Object.entries(value)) {
    if (typeof scale !== "object" || scale === null) return `must have an object for "${unit}"`;
    for (const [key, one] of Object.entries(scale)) {
      const check = Object.hasOwn(scaleChecks, key) ? scaleChecks[key as keyof Scale] : undefined;
      const problem =
        check === undefined ? `can't be set; ${Object.keys(scaleChecks).join(", ")} can` : check(one as SettingValue);
      if (problem !== undefined) return `: ${unit}.${key} ${problem}`;
    }
  }
  return undefined;
}
