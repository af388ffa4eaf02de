package dev.sluice.modules.redislimits;

/**
 * A limit of a location. Immutable.
 *
 * @param name of its counters on the server
 * @param count of requests of one key in a window
 */
record Limit(String name, int count, long windowMs, int status) {
}
