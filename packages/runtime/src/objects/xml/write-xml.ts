// Writes XML as S3 does.

export type XmlContent = string | number | boolean | undefined | readonly XmlNode[];
/** undefined: left out. */
export type XmlNode = readonly [name: string, content: XmlContent];

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

export function writeXml([name, content]: XmlNode, namespace?: string): string {
  const attribute = namespace === undefined ? "" : ` xmlns="${namespace}"`;
  return `${declaration}<${name}${attribute}>${inner(content)}</${name}>`;
}

function element([name, content]: XmlNode): string {
  return content === undefined ? "" : `<${name}>${inner(content)}</${name}>`;
}

function inner(content: XmlContent): string {
  return Array.isArray(content) ? (content as readonly XmlNode[]).map(element).join("") : escapeXml(String(content));
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;" };

/** Only what has to be: not every reader knows numbers for quotes. What a document cannot hold at all becomes U+FFFD. */
function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>\r]/g, (one) => escapes[one]!)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are no characters of XML 1.0
      .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
  );
}
