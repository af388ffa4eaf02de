/**
 * HTTP/1.0 and 1.1 messages (RFC 9112): bytes in, heads, body bytes and refusals out. The parsers
 * are strict, they refuse and never repair; they resume where they stopped, look at a byte once,
 * copy nothing and allocate nothing after construction.
 */
package dev.sluice.worker.http1;
