// How to read the bars.

export function WaterfallLegend() {
  return (
    <ul className="legend" aria-label="How to read the bars">
      <li>
        <span className="sample own" aria-hidden="true" /> own time
      </li>
      <li>
        <span className="sample waiting" aria-hidden="true" /> waiting for spans below
      </li>
      <li>
        <span className="sample outgoing" aria-hidden="true" /> call to another service
      </li>
    </ul>
  );
}
