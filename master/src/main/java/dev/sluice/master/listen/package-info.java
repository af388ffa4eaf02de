/**
 * The listening sockets: one per address and worker slot, opened once and held for as long as the
 * address is configured, so that no accept queue is ever dropped.
 */
package dev.sluice.master.listen;
