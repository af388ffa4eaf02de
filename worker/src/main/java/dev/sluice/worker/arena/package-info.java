/**
 * Native memory of a worker: slabs of 64 KiB lent to connections while they are busy. A leaf: it
 * knows no socket and no protocol.
 */
package dev.sluice.worker.arena;
