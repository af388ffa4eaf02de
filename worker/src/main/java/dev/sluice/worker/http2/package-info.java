/**
 * The rules of HTTP/2 (RFC 9113) and of its header compression (RFC 7541) as pure functions of
 * bytes: frames, settings, header blocks, what a request must look like, and how much of what a
 * client may send. It knows no socket and no stream; who does is {@code downstream}.
 */
package dev.sluice.worker.http2;
