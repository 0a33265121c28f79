import { CacheCluster } from "encore.dev/storage/cache";

export const cache = new CacheCluster("main", { evictionPolicy: "allkeys-lru" });
