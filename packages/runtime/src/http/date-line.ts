// The `date` header, made once a second while answers are sent, and not at all otherwise.
let line = "";

export function dateLine(): string {
  if (line === "") {
    const now = new Date();
    line = `date: ${now.toUTCString()}\r\n`;
    setTimeout(forget, 1000 - now.getMilliseconds()).unref();
  }
  return line;
}

function forget(): void {
  line = "";
}
