// What can be done with dead letters: replaying those chosen or all, as fast as one likes, and throwing those chosen away, which asks first.
import { type ReactNode, useEffect, useId, useState } from "react";
import { discardLetters, replayLetters, type SubscriptionName } from "../server/api.ts";
import { Link } from "../shell/link.tsx";
import { countOf, formatCount } from "../text/count.ts";

interface LetterActionsProps {
  readonly name: SubscriptionName;
  /** Message ids. */
  readonly chosen: readonly string[];
  readonly total: number;
  readonly onDone: () => void;
}

/** Messages a second; 0: all at once. */
const rates = [0, 1, 10, 100, 1000];

interface Outcome {
  readonly isFailure: boolean;
  readonly text: ReactNode;
}

export function LetterActions({ name, chosen, total, onDone }: LetterActionsProps) {
  const [perSecond, setPerSecond] = useState(0);
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const rateId = useId();
  const count = chosen.length;
  useEffect(() => {
    if (count === 0) setAsking(false);
  }, [count]);

  if (total === 0 && outcome === undefined) return null;

  const act = async (work: () => Promise<ReactNode>) => {
    setBusy(true);
    try {
      setOutcome({ isFailure: false, text: await work() });
      onDone();
    } catch (error) {
      setOutcome({ isFailure: true, text: error instanceof Error ? error.message : String(error) });
    } finally {
      setBusy(false);
      setAsking(false);
    }
  };
  // Whoever leaves the page meant it all the same: nothing takes it back.
  const { signal } = new AbortController();
  const replay = () =>
    act(async () => {
      const wish = { ...(count > 0 && { messageIds: chosen }), ...(perSecond > 0 && { perSecond }) };
      const { replayed, traceId } = await replayLetters(name, wish, signal);
      return (
        <>
          {countOf(replayed, "message")} on the way again{perSecond > 0 && `, ${formatCount(perSecond)} a second`}.{" "}
          <Link href={`/traces/${traceId}`}>Trace of the replay</Link>
        </>
      );
    });
  const discard = () =>
    act(async () => `${countOf((await discardLetters(name, chosen, signal)).discarded, "message")} thrown away.`);

  return (
    <div className="letter-actions">
      {total > 0 && (
        <>
          <button type="button" className="replay" disabled={isBusy} onClick={replay}>
            {count > 0 ? `Replay ${formatCount(count)} chosen` : `Replay all ${formatCount(total)}`}
          </button>
          <label htmlFor={rateId}>
            <span className="visually-hidden">How fast</span>
            <select id={rateId} value={perSecond} onChange={(event) => setPerSecond(Number(event.target.value))}>
              {rates.map((rate) => (
                <option key={rate} value={rate}>
                  {rate === 0 ? "all at once" : `${formatCount(rate)} a second`}
                </option>
              ))}
            </select>
          </label>
          {isAsking ? (
            <span className="asking">
              Throw {countOf(count, "message")} away for good?
              <button type="button" className="danger" disabled={isBusy} onClick={discard}>
                Throw away
              </button>
              <button type="button" className="quiet" onClick={() => setAsking(false)}>
                Keep
              </button>
            </span>
          ) : (
            <button type="button" className="quiet" disabled={isBusy || count === 0} onClick={() => setAsking(true)}>
              Discard chosen
            </button>
          )}
        </>
      )}
      <p className={`letter-outcome ${outcome?.isFailure === true ? "failed" : ""}`} role="status">
        {outcome?.text}
      </p>
    </div>
  );
}
