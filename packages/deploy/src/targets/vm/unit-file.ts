// systemd's unit files (systemd.syntax(7)) as data: written with a comment above what needs one, read back for comparing.

/** "#" as key is a comment. */
export type Entry = readonly [key: string, value: string];
/** By section, in order. A key may come several times. */
export type UnitFile = Readonly<Record<string, readonly Entry[]>>;

export function unitFileText(file: UnitFile): string {
  const sections = Object.entries(file).filter(([, entries]) => entries.length > 0);
  return `${sections.map(([name, entries]) => [`[${name}]`, ...entries.map(lineOf)].join("\n")).join("\n\n")}\n`;
}

function lineOf([key, value]: Entry): string {
  return key === "#" ? `# ${value}` : `${key}=${value}`;
}

/** Section -> key -> its values; comments are left out. */
export function parseUnitFile(text: string): Record<string, Record<string, string[]>> {
  const sections: Record<string, Record<string, string[]>> = {};
  let section: Record<string, string[]> = {};
  for (const line of text.split("\n")) {
    const header = /^\[(.+)\]$/.exec(line)?.[1];
    const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (header !== undefined) {
      section = sections[header] ?? {};
      sections[header] = section;
    } else if (key !== undefined && value !== undefined) section[key] = [...(section[key] ?? []), value];
  }
  return sections;
}
