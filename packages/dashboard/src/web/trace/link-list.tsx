// The spans that led to a span without being its parent: the publishers of the messages it handles, the replay that brought one back.
import type { SpanLink } from "@tenon/model";
import { Link } from "../shell/link.tsx";
import { printAttribute } from "./attributes-table.tsx";

interface LinkListProps {
  readonly links: readonly SpanLink[];
  /** Of the trace that is shown. */
  readonly ownTraceId: string;
}

export function LinkList({ links, ownTraceId }: LinkListProps) {
  return (
    <section>
      <h3>Links</h3>
      <table className="attributes">
        <tbody>
          {links.map((link, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: recorded in this order, never reordered
            <tr key={index}>
              <th scope="row">{kindOf(link)}</th>
              <td>
                <Link href={`/traces/${link.traceId}?span=${link.spanId}`}>
                  {link.traceId === ownTraceId ? `span ${link.spanId}` : `trace ${link.traceId}`}
                </Link>
                {detailsOf(link)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const kindAttribute = "tenon.link";

/** What our own links say of themselves: "publish", "replay". */
function kindOf({ attributes }: SpanLink): string {
  const kind = attributes[kindAttribute];
  return kind === undefined ? "link" : printAttribute(kind);
}

function detailsOf({ attributes }: SpanLink): string {
  const rest = Object.entries(attributes).filter(([name]) => name !== kindAttribute);
  return rest.map(([name, value]) => ` ${name}=${printAttribute(value)}`).join("");
}
