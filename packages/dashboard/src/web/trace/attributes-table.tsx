// A span's attributes by name.
import type { Attributes, AttributeValue } from "@tenon/model";

interface AttributesTableProps {
  readonly attributes: Attributes;
  /** Names that are shown elsewhere. */
  readonly without: readonly string[];
}

export function AttributesTable({ attributes, without }: AttributesTableProps) {
  const shown = Object.entries(attributes)
    .filter(([name]) => !without.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (shown.length === 0) return null;
  return (
    <section>
      <h3>Attributes</h3>
      <table className="attributes">
        <tbody>
          {shown.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{printAttribute(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function printAttribute(value: AttributeValue): string {
  return typeof value === "object" ? value.join(", ") : String(value);
}
