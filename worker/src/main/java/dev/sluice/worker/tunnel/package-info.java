/**
 * Tunnels that clients ask for by CONNECT (RFC 9110 §9.3.6): whether a target is allowed, its
 * address, the connection to it, and the bytes in both directions.
 */
package dev.sluice.worker.tunnel;
