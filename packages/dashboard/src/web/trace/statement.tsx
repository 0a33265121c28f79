// A SQL statement, laid out for reading; what is copied is the statement as it was sent.
import { CopyButton } from "../shell/copy-button.tsx";
import { layOutSql } from "../text/sql-text.ts";

export function Statement({ sql }: { readonly sql: string }) {
  const parts = layOutSql(sql);
  return (
    <section>
      <h3>
        Statement <CopyButton text={sql} what="statement" />
      </h3>
      <pre className="sql">
        <code>
          {parts.map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other identity
            <span key={index} className={`sql-${part.kind}`}>
              {part.text}
            </span>
          ))}
        </code>
      </pre>
    </section>
  );
}
