/** Limits: how many requests a client may make. Exact over all workers, by shared zones. */
package dev.sluice.worker.limit;
