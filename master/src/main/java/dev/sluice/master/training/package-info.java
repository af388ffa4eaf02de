/**
 * Makes the AOT caches of an installation: {@code sluice --train}. {@code Training} starts {@code
 * Rehearsal}, a master with one worker that are recorded while {@code RehearsalTraffic} keeps them
 * busy, and has the JVM make caches of what it recorded.
 */
package dev.sluice.master.training;
