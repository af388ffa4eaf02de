/**
 * Streams: connections that are passed on as they come, without a look at what is spoken on them.
 * {@link dev.sluice.worker.stream.StreamSession} is one of them, from accept to close.
 */
package dev.sluice.worker.stream;
