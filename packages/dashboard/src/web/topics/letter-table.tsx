// Dead letters as a table, oldest first; each unfolds into what it says.
import type { DeadLetter } from "@tenon/model";
import { useState } from "react";
import { ChevronIcon } from "../shell/icons.tsx";
import { CopyButton } from "../shell/copy-button.tsx";
import { Link } from "../shell/link.tsx";
import { formatAgo, formatMoment } from "../text/moment.ts";

interface LetterTableProps {
  readonly letters: readonly DeadLetter[];
  /** Message ids; also of letters that are not here any more. */
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

export function LetterTable({ letters, chosen, onChoose }: LetterTableProps) {
  const here = letters.filter(({ messageId }) => chosen.has(messageId)).length;
  const toggle = (ids: readonly string[], isChosen: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (isChosen) next.add(id);
      else next.delete(id);
    }
    onChoose(next);
  };
  return (
    <table className="letters">
      <caption className="visually-hidden">Dead letters, oldest first</caption>
      <thead>
        <tr>
          <th scope="col" className="letter-choice">
            <input
              type="checkbox"
              aria-label="Choose all that are shown"
              checked={here === letters.length}
              ref={(box) => {
                if (box !== null) box.indeterminate = here > 0 && here < letters.length;
              }}
              onChange={(event) =>
                toggle(
                  letters.map(({ messageId }) => messageId),
                  event.target.checked,
                )
              }
            />
          </th>
          <th scope="col">Reason</th>
          <th scope="col" className="number">
            Attempts
          </th>
          <th scope="col">Died</th>
          <th scope="col">Message</th>
        </tr>
      </thead>
      <tbody>
        {letters.map((letter) => (
          <LetterRows
            key={letter.messageId}
            letter={letter}
            isChosen={chosen.has(letter.messageId)}
            onToggle={(isChosen) => toggle([letter.messageId], isChosen)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface LetterRowsProps {
  readonly letter: DeadLetter;
  readonly isChosen: boolean;
  readonly onToggle: (isChosen: boolean) => void;
}

function LetterRows({ letter, isChosen, onToggle }: LetterRowsProps) {
  const [isOpen, setOpen] = useState(false);
  const { messageId, reason, attempts, diedAt } = letter;
  const diedAtMs = Date.parse(diedAt);
  return (
    <>
      <tr className="letter">
        <td className="letter-choice">
          <input
            type="checkbox"
            aria-label={`Choose message ${messageId}`}
            checked={isChosen}
            onChange={(event) => onToggle(event.target.checked)}
          />
        </td>
        <td className="letter-reason">
          <button type="button" className="unfold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            <ChevronIcon />
            <span>{reason.split("\n", 1)[0]}</span>
          </button>
        </td>
        <td className="number letter-attempts">
          {attempts}
          <span className="unit"> {attempts === 1 ? "attempt" : "attempts"}</span>
        </td>
        <td className="letter-died">
          <time dateTime={diedAt} title={formatMoment(diedAtMs)}>
            {formatAgo(diedAtMs, Date.now())}
          </time>
        </td>
        <td className="letter-id">
          <code>{messageId}</code>
        </td>
      </tr>
      {isOpen && (
        <tr className="letter-content">
          <td colSpan={5}>
            <LetterContent letter={letter} />
          </td>
        </tr>
      )}
    </>
  );
}

function LetterContent({ letter }: { readonly letter: DeadLetter }) {
  const { message, attributes, orderingKey, reason, publishedAt, traceId } = letter;
  const text = JSON.stringify(message, null, 2);
  const names = Object.entries(attributes);
  return (
    <>
      {reason.includes("\n") && <pre className="letter-stack">{reason}</pre>}
      <div className="letter-payload">
        <pre>{text}</pre>
        <CopyButton text={text} what="payload" />
      </div>
      <dl className="facts">
        <div>
          <dt>Published</dt>
          <dd>
            <time dateTime={publishedAt}>{formatMoment(Date.parse(publishedAt))}</time>
          </dd>
        </div>
        {orderingKey !== null && (
          <div>
            <dt>Ordering key</dt>
            <dd>
              <code>{orderingKey}</code>
            </dd>
          </div>
        )}
        {names.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
        {traceId !== "" && (
          <div>
            <dt>Trace</dt>
            <dd>
              <Link href={`/traces/${traceId}`}>
                <code>{traceId}</code>
              </Link>
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}
