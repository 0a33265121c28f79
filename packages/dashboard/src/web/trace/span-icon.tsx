// The mark of each role a span can have.
import {
  AuthIcon,
  CallIcon,
  ClockIcon,
  DatabaseIcon,
  EndpointIcon,
  GatewayIcon,
  MessageIcon,
  PublishIcon,
  WorkIcon,
} from "../shell/icons.tsx";
import type { SpanRole } from "./span-role.ts";

const icons = {
  gateway: GatewayIcon,
  auth: AuthIcon,
  endpoint: EndpointIcon,
  call: CallIcon,
  publish: PublishIcon,
  message: MessageIcon,
  cron: ClockIcon,
  sql: DatabaseIcon,
  work: WorkIcon,
};

export function SpanIcon({ role }: { readonly role: SpanRole }) {
  const Mark = icons[role];
  return <Mark />;
}
