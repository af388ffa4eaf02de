/**
 * Logs of a worker, written off the event loop: the loop puts finished lines into rings in memory
 * and one thread writes them to files. The only package of the worker, beside the loop's mailbox,
 * where two threads share memory; {@link dev.sluice.worker.accesslog.ByteRing} says in which
 * order.
 */
package dev.sluice.worker.accesslog;
