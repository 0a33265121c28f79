// The trace store, the API of the dashboard and its pages.
export {};
