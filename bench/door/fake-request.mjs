// A request as a server hands it to a door, without a server: what is measured is the door alone.
export class FakeRequest {
  matched = undefined;
  awaitsContinue = false;
  remoteAddress = "127.0.0.1";

  constructor({ method, path, query = "", fields, body }) {
    this.method = method;
    this.path = path;
    this.query = query;
    this.fields = fields;
    this.body = body;
    this.hasBody = body !== undefined;
    this.bodySizeBytes = body === undefined ? null : body.length;
    this.whenGone = undefined;
  }

  header(name) {
    const { fields } = this;
    for (let index = 0; index < fields.length; index += 2) if (fields[index] === name) return fields[index + 1];
    return undefined;
  }

  get headers() {
    const headers = {};
    for (let index = 0; index < this.fields.length; index += 2) headers[this.fields[index]] = this.fields[index + 1];
    return headers;
  }

  readBody() {
    return this.body;
  }

  onClientGone(callback) {
    this.whenGone = callback;
  }
}
