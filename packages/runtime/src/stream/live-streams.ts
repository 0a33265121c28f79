// The streams this process serves right now, so that they end in good order before it does: clients then know that they may come back.

/** Something that can be told to come to an end. */
export interface Stoppable {
  stop(): void;
}

const open = new Set<Stoppable>();
let isStopping = false;

/** What opens while the process is about to end is stopped at once. */
export function addLiveStream(stream: Stoppable): void {
  if (isStopping) stream.stop();
  else open.add(stream);
}

export function removeLiveStream(stream: Stoppable): void {
  open.delete(stream);
}

export function stopStreams(): void {
  isStopping = true;
  for (const stream of open) stream.stop();
  open.clear();
}

/** Another host may start in this process. */
export function allowStreams(): void {
  isStopping = false;
}
