/**
 * What an operator sees of connections and exchanges while they live: {@code sluice conns} and
 * {@code sluice tap}. Nothing of it is loaded before somebody asks.
 */
package dev.sluice.worker.watch;
