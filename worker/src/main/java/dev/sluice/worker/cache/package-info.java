/**
 * Answers of peers, kept and given again (RFC 9111). A {@code CacheHandler} stands in front of the
 * handler of its location: it gives what is stored ({@code Stored}, found by {@code Cache}), or has
 * it fetched by a {@code Fetch}, which is an exchange of its own with the peer, so that it does not
 * end with the client that caused it and others can read what it writes.
 */
package dev.sluice.worker.cache;
