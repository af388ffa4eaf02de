/**
 * Content codings (RFC 9110 section 8.4.1): which one a client gets, and answers compressed and
 * unpacked on their way to it.
 */
package dev.sluice.worker.coding;
