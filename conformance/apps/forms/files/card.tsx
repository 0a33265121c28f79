// JSX for whatever `React` is here: a template without a browser.
// biome-ignore lint/correctness/noUnusedVariables: what JSX compiles to
const React = {
  createElement: (tag: string, properties: Record<string, string> | null, ...children: string[]): string => {
    const attributes = Object.entries(properties ?? {}).map(([name, value]) => ` ${name}="${value}"`);
    return `<${tag}${attributes.join("")}>${children.join("")}</${tag}>`;
  },
};

declare global {
  namespace JSX {
    type Element = string;
    interface IntrinsicElements {
      [tag: string]: Record<string, string>;
    }
  }
}

export function card(name: string): string {
  return <b id="card">{name}</b>;
}
