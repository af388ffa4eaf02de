/**
 * {@code sluice explain} and {@code sluice diff}: processes of their own that route as a worker
 * does, because they are made of the same parts, and talk to nobody.
 */
package dev.sluice.worker.explain;
