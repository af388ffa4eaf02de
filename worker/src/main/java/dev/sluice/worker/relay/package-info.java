/**
 * Bytes that are passed on without a look at them: between the ends of a TCP session, and of a
 * tunnel that a client has asked for.
 */
package dev.sluice.worker.relay;
