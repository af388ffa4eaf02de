/**
 * The rules of HTTP caching (RFC 9111) as questions about heads: what may be stored, for how long
 * it is fresh, how old it is, whether a request may have it, what a validation changes. Nothing
 * here knows a socket, a file or a clock.
 */
package dev.sluice.worker.cache.rules;
