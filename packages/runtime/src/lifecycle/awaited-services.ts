// Services of one process are loaded one after the other, and top-level code may call a service whose turn has not come: such a call
// waits for it.

/** Long enough for slow modules. Code that awaits such a call at its top level holds up what it waits for, and would wait for ever. */
const MAX_WAIT_MS = 10_000;

interface Awaited {
  readonly loaded: Promise<void>;
  readonly resolve: () => void;
}

export class AwaitedServices {
  private readonly services = new Map<string, Awaited>();

  constructor(names: readonly string[]) {
    for (const name of names) this.services.set(name, awaited());
  }

  /** undefined when there is nothing to wait for: the service is loaded, or lives elsewhere. */
  readonly loadFirst = (service: string): Promise<void> | undefined => {
    const found = this.services.get(service);
    return found === undefined ? undefined : withinLimit(found.loaded);
  };

  /** Lets the calls to it begin. */
  loaded(name: string): void {
    this.services.get(name)?.resolve();
    this.services.delete(name);
  }
}

function awaited(): Awaited {
  let resolve = () => {};
  const loaded = new Promise<void>((done) => {
    resolve = done;
  });
  return { loaded, resolve };
}

async function withinLimit(loaded: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, MAX_WAIT_MS);
  });
  await Promise.race([loaded, limit]);
  clearTimeout(timer);
}
