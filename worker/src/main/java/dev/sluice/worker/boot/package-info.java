/** Starts a worker: reads what the master handed down, builds all parts once, says READY. */
package dev.sluice.worker.boot;
