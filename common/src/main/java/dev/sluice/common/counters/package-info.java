/**
 * Counters that outlive the process that writes them: one mapped file per worker, written by that
 * worker's event loop alone, read by the master while the worker lives and after it has died.
 */
package dev.sluice.common.counters;
