// One subscription's dead letters: what each says, why and how often it failed, its trace; replaying one, some or all, and throwing away.
import { useCallback, useEffect, useState } from "react";
import { ApiFailure, fetchLetters, fetchTopics, type LetterPage, type SubscriptionName } from "../server/api.ts";
import { useFetched } from "../server/use-fetched.ts";
import { usePolling } from "../server/use-polling.ts";
import { BackIcon } from "../shell/icons.tsx";
import { Link } from "../shell/link.tsx";
import { formatCount } from "../text/count.ts";
import { LetterActions } from "./letter-actions.tsx";
import { LetterTable } from "./letter-table.tsx";
import { SubscriptionFacts } from "./subscription-facts.tsx";

const FIRST_SHOWN = 50;
/** As many as one answer has. */
const MOST_SHOWN = 1000;

export function LettersPage({ topic, subscription }: SubscriptionName) {
  const [shown, setShown] = useState(FIRST_SHOWN);
  const letters = useFetched(String(shown), (signal) => fetchLetters({ topic, subscription }, shown, signal));
  const topics = useFetched("topics", fetchTopics);
  const refreshAll = useCallback(() => {
    letters.refresh();
    topics.refresh();
  }, [letters.refresh, topics.refresh]);
  usePolling(refreshAll);
  useEffect(() => {
    document.title = `${topic}/${subscription} · Tenon`;
  }, [topic, subscription]);
  const state = topics.value
    ?.find(({ name }) => name === topic)
    ?.subscriptions.find(({ name }) => name === subscription);
  const isUnknown = letters.failure instanceof ApiFailure && letters.failure.status === 404;
  return (
    <>
      <Link href="/topics" className="back">
        <BackIcon /> Topics
      </Link>
      <div className="page-head">
        <h1>
          {topic}/{subscription}
        </h1>
      </div>
      {state !== undefined && <SubscriptionFacts state={state} />}
      {letters.failure !== undefined && (
        <p className="notice error" role="alert">
          {isUnknown
            ? "There is no such subscription in the app as it runs now."
            : `The dead letters could not be fetched: ${letters.failure.message}`}
        </p>
      )}
      {letters.value === undefined && letters.failure === undefined && (
        <p className="loading" role="status">
          Loading the dead letters
        </p>
      )}
      {letters.value !== undefined && !isUnknown && (
        <Letters
          name={{ topic, subscription }}
          page={letters.value}
          total={state?.deadLetters ?? letters.value.deadLetters.length}
          onChange={refreshAll}
        />
      )}
      {letters.value?.next != null && <More shown={shown} onMore={() => setShown(Math.min(shown * 4, MOST_SHOWN))} />}
    </>
  );
}

interface LettersProps {
  readonly name: SubscriptionName;
  readonly page: LetterPage;
  /** More than are shown, perhaps. */
  readonly total: number;
  readonly onChange: () => void;
}

function Letters({ name, page, total, onChange }: LettersProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const here = page.deadLetters.filter(({ messageId }) => chosen.has(messageId)).map(({ messageId }) => messageId);
  return (
    <>
      <LetterActions
        name={name}
        chosen={here}
        total={total}
        onDone={() => {
          setChosen(new Set());
          onChange();
        }}
      />
      {page.deadLetters.length === 0 ? (
        <div className="empty">
          <h2>No dead letters</h2>
          <p>
            Messages that {name.subscription} cannot handle, after all their retries, are kept here with the reason.
          </p>
        </div>
      ) : (
        <LetterTable letters={page.deadLetters} chosen={chosen} onChoose={setChosen} />
      )}
    </>
  );
}

function More({ shown, onMore }: { readonly shown: number; readonly onMore: () => void }) {
  if (shown >= MOST_SHOWN)
    return <p className="more muted">The oldest {formatCount(MOST_SHOWN)} are shown; `tenon topic dlq` lists all.</p>;
  return (
    <p className="more">
      <button type="button" onClick={onMore}>
        Show more
      </button>
    </p>
  );
}
