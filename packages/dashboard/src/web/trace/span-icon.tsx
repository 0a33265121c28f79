// The mark of each role a span can have.
import { CallIcon, DatabaseIcon, EndpointIcon, GatewayIcon, WorkIcon } from "../shell/icons.tsx";
import type { SpanRole } from "./span-role.ts";

const icons = { gateway: GatewayIcon, endpoint: EndpointIcon, call: CallIcon, sql: DatabaseIcon, work: WorkIcon };

export function SpanIcon({ role }: { readonly role: SpanRole }) {
  const Mark = icons[role];
  return <Mark />;
}
