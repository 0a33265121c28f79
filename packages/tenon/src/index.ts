// The root of what users import; most of it lives under `tenon/api` and its neighbours.
export {};
