/**
 * Groups of peers and the connections to them: which peers are healthy, which connections rest in
 * the pool, how a new one is made. What travels on a connection is the business of its
 * {@link dev.sluice.worker.upstream.ConnectionUser}.
 */
package dev.sluice.worker.upstream;
