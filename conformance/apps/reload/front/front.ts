// The public side. What tests change are the two versions, in this file and in the other service's.
import { api } from "tenon/api";
import { back } from "~tenon/clients";

const frontVersion = "front-0";

interface Versions {
  front: string;
  back: string;
  pid: number;
}

export const version = api({ method: "GET", path: "/version", expose: true }, async (): Promise<Versions> => {
  const { version } = await back.version();
  return { front: frontVersion, back: version, pid: process.pid };
});

/** Begins in one version, calls at its end, when others may have been replaced. */
export const slow = api(
  { method: "GET", path: "/slow/:ms", expose: true },
  async ({ ms }: { ms: number }): Promise<Versions> => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    const { version } = await back.version();
    return { front: frontVersion, back: version, pid: process.pid };
  },
);
