// Which service's modules are being loaded right now. Each service has a bundle, and so its own copy of every module of the app: what
// its top-level code declares belongs to it, also where the file is shared.
import type { ServiceSettings } from "../config/service-settings.ts";

export interface LoadingService {
  readonly name: string;
  /** Of `config()`; undefined when it declares none. */
  readonly settings?: ServiceSettings | undefined;
}

let loading: LoadingService | undefined;
let findLoading: (() => LoadingService | undefined) | undefined;

/** undefined once everything is loaded, and in processes that load no services. */
export function loadingService(): LoadingService | undefined {
  return loading ?? findLoading?.();
}

/** For tests, where modules are loaded once for all services and by anybody: `find` tells whose code is asking. */
export function findLoadingService(find: (() => LoadingService | undefined) | undefined): void {
  findLoading = find;
}

/** Services are loaded one after the other. */
export async function whileLoading<T>(service: LoadingService, load: () => Promise<T>): Promise<T> {
  loading = service;
  try {
    return await load();
  } finally {
    loading = undefined;
  }
}
