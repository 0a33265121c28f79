// The public ports. systemd listens on them and hands the listening socket to the process with the public door; to those of two releases while one
// takes over from the other. So a connection always finds somebody, and no process has to be allowed to open a port.
import type { VmContext } from "./context.ts";
import type { UnitFile } from "./unit-file.ts";

export function socketUnits({ deployment: { app }, settings }: VmContext): ReadonlyMap<string, UnitFile> {
  const sockets = new Map([[`${app}.socket`, socketUnit(app, "public", settings.port)]]);
  if (settings.redirectPort !== 0)
    sockets.set(`${app}-redirect.socket`, socketUnit(app, "redirect", settings.redirectPort));
  return sockets;
}

export function socketNames(context: VmContext): readonly string[] {
  return [...socketUnits(context).keys()];
}

/** `name`: by which `main.js start` knows it. */
function socketUnit(app: string, name: string, port: number): UnitFile {
  return {
    Unit: [["Description", `${app}: ${name === "public" ? "the public door" : "sends clients to TLS"}`]],
    Socket: [
      ["ListenStream", String(port)],
      ["FileDescriptorName", name],
      [
        "#",
        "Of what arrives while nothing runs: starts the current release. Releases take the socket by themselves (Sockets=).",
      ],
      ["Service", `${app}-wake.service`],
      ["Backlog", "4096"],
    ],
    Install: [["WantedBy", "sockets.target"]],
  };
}

export function wakeUnit({ deployment: { app } }: VmContext): UnitFile {
  return {
    Unit: [
      ["Description", `${app}: starts the current release for a connection that has arrived`],
      ["ConditionPathExists", `/opt/${app}/current`],
    ],
    Service: [
      ["Type", "oneshot"],
      ["ExecStart", `/opt/${app}/current/deploy/host.sh wake`],
    ],
  };
}
