// A bar chart as a plain SVG file: horizontal bars from zero, readable on light and dark pages, without fonts or scripts of its own.
const rowHeight = 26;
const labelWidth = 170;
const barWidth = 420;
const valueWidth = 110;
const titleHeight = 30;

const escapeText = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** `bars`: `{ label, value, text, isOurs }`, drawn in this order. Less is better or more is: the title has to say it. */
export function barChart({ title, bars }) {
  const greatest = Math.max(...bars.map(({ value }) => value));
  const width = labelWidth + barWidth + valueWidth;
  const height = titleHeight + bars.length * rowHeight + 6;
  const rows = bars.map(({ label, value, text, isOurs }, index) => {
    const top = titleHeight + index * rowHeight;
    const length = Math.max(1, Math.round((value / greatest) * barWidth));
    return [
      `  <text x="${labelWidth - 8}" y="${top + 17}" text-anchor="end">${escapeText(label)}</text>`,
      `  <rect class="${isOurs ? "ours" : "other"}" x="${labelWidth}" y="${top + 4}" width="${length}" height="${rowHeight - 8}" rx="2"/>`,
      `  <text x="${labelWidth + length + 8}" y="${top + 17}">${escapeText(text)}</text>`,
    ].join("\n");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `  <title>${escapeText(title)}</title>`,
    "  <style>",
    "    text { font: 13px system-ui, sans-serif; fill: #1f2328; } .title { font-weight: 600; }",
    "    .ours { fill: #0969da; } .other { fill: #8c959f; }",
    "    @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .ours { fill: #4493f8; } .other { fill: #656c76; } }",
    "  </style>",
    `  <text class="title" x="0" y="18">${escapeText(title)}</text>`,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}
