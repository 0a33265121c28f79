export const state = { answer: 0, aborted: true, healthy: true };
