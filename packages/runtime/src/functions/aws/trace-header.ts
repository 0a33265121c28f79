// X-Ray's header as a W3C `traceparent`, where X-Ray records the request. Where it does not, its header says so for every request, and the
// app's own traces begin here.

const FORM = /^1-([0-9a-f]{8})-([0-9a-f]{24})$/;

/** "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"; undefined: it names no recorded parent. */
export function traceparentOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const fields = new Map(
    header.split(";").map((field) => {
      const [name = "", value = ""] = field.trim().split("=");
      return [name, value] as const;
    }),
  );
  const root = FORM.exec(fields.get("Root") ?? "");
  const parent = fields.get("Parent") ?? "";
  if (root === null || !/^[0-9a-f]{16}$/.test(parent) || fields.get("Sampled") !== "1") return undefined;
  return `00-${root[1]}${root[2]}-${parent}-01`;
}
