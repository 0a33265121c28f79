// `tenon`: nothing is exported here yet; declarations live under `tenon/api`, `tenon/service` and their neighbours.
export {};
