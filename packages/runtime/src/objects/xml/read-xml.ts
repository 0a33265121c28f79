// Reads XML as S3 and its clients write it: elements and text. What such documents never have is refused: document types, and with them
// entities of one's own; attributes are skipped.

export interface XmlElement {
  /** Without a prefix. */
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** Of the element itself, not of those within. */
  readonly text: string;
}

export class XmlError extends Error {
  override readonly name = "XmlError";
}

const deepest = 32;
const NAME = /[A-Za-z_][\w.:-]*/y;
const ATTRIBUTES = /(?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*/y;
const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The root element. Throws XmlError. */
export function readXml(text: string): XmlElement {
  const reader = new Reader(text);
  return reader.document();
}

/** The first child of that name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The text of the first child of that name. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return childOf(element, name)?.text;
}

class Reader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text.startsWith("\ufeff") ? text.slice(1) : text;
  }

  document(): XmlElement {
    this.#skipBetween();
    const root = this.#element(0);
    this.#skipBetween();
    if (this.#position < this.#text.length) throw this.#wrong("something follows the root element");
    return root;
  }

  #element(depth: number): XmlElement {
    if (depth > deepest) throw this.#wrong("elements are nested too deeply");
    this.#expect("<");
    const name = this.#match(NAME);
    this.#match(ATTRIBUTES);
    const local = name.slice(name.indexOf(":") + 1);
    if (this.#takes("/>")) return { name: local, children: [], text: "" };
    this.#expect(">");
    const children: XmlElement[] = [];
    let text = "";
    for (;;) {
      const end = this.#text.indexOf("<", this.#position);
      if (end === -1) throw this.#wrong(`<${name}> is not closed`);
      text += this.#unescape(this.#text.slice(this.#position, end));
      this.#position = end;
      if (this.#takes("</")) break;
      if (this.#takes("<![CDATA[")) text += this.#until("]]>");
      else if (this.#takes("<!--")) this.#until("-->");
      else children.push(this.#element(depth + 1));
    }
    this.#expect(name);
    this.#match(/\s*/y);
    this.#expect(">");
    return { name: local, children, text };
  }

  /** The declaration, comments and spaces around the root element. */
  #skipBetween(): void {
    for (;;) {
      this.#match(/\s*/y);
      if (this.#takes("<?xml")) this.#until("?>");
      else if (this.#takes("<!--")) this.#until("-->");
      else return;
    }
  }

  #unescape(text: string): string {
    if (!text.includes("&")) return text;
    return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+))?;?/g, (whole, decimal, hex, name) => {
      const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
      const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      const character = isCharacter ? String.fromCodePoint(code) : undefined;
      const meant = character ?? (Object.hasOwn(entities, name ?? "") ? entities[name] : undefined);
      if (meant === undefined || !whole.endsWith(";")) throw this.#wrong(`"${whole}" stands for nothing`);
      return meant;
    });
  }

  #until(end: string): string {
    const at = this.#text.indexOf(end, this.#position);
    if (at === -1) throw this.#wrong(`"${end}" is missing`);
    const text = this.#text.slice(this.#position, at);
    this.#position = at + end.length;
    return text;
  }

  #takes(text: string): boolean {
    if (!this.#text.startsWith(text, this.#position)) return false;
    this.#position += text.length;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw this.#wrong(`"${text}" expected`);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text)?.[0];
    if (match === undefined) throw this.#wrong("a name expected");
    this.#position += match.length;
    return match;
  }

  #wrong(what: string): XmlError {
    return new XmlError(`${what}, at character ${this.#position}`);
  }
}
