import type { Sensitive } from "tenon/api";
import { config, secret } from "tenon/config";

export interface Settings {
  /** Shown in every mail. */
  sender: string;
  limits: { timeoutMs: number; recipients: string[] };
  flags: { beta: boolean };
  mode: "live" | "sandbox";
  token: Sensitive<string>;
  since?: Date;
}

export const settings = config<Settings>({
  defaults: {
    limits: { timeoutMs: 100, recipients: ["a"] },
    flags: { beta: false },
    mode: "sandbox",
    since: new Date(0),
  },
});

export const apiKey = secret("MailKey");
export const unset = secret("NobodySetsThis");
