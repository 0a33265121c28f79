// What a handler, or the middleware inside of another, has answered: the middleware around it may change all of it.

/** Headers of the answer. Names are compared without regard to case. */
export class ResponseHeader {
  /** By lower-case name. */
  readonly headers: Record<string, string | string[]> = {};

  /** Replaces what is there. */
  set(name: string, value: string | string[]): void {
    this.headers[name.toLowerCase()] = value;
  }

  /** Comes after what is there, as a header of its own. */
  add(name: string, value: string | string[]): void {
    const key = name.toLowerCase();
    const before = this.headers[key];
    this.headers[key] = before === undefined ? value : [before, value].flat();
  }
}

/** The answer on its way out. Middleware that does not go on to the handler answers with one of its own. */
export class HandlerResponse {
  /** What the handler returned, or the middleware instead. It is checked and projected like any result. Raw endpoints have none. */
  // biome-ignore lint/suspicious/noExplicitAny: the response of any endpoint; Encore's public type
  payload: any;
  /** HTTP status of a typed endpoint's success; undefined: as the endpoint says. No meaning in calls between services. */
  status: number | undefined = undefined;
  #header: ResponseHeader | undefined;

  constructor(payload?: unknown) {
    this.payload = payload;
  }

  /** Headers to add to the answer of a typed endpoint. Those of a raw one are set on `request.rawResponse`. */
  get header(): ResponseHeader {
    this.#header ??= new ResponseHeader();
    return this.#header;
  }

  /** undefined: nobody set any. */
  get extraHeaders(): Readonly<Record<string, string | string[]>> | undefined {
    return this.#header?.headers;
  }
}
