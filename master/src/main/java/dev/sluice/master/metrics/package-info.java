/**
 * Metrics of the whole fleet as text: totals over the counter files of all workers that ever lived,
 * and what the master knows itself. The only package that knows Micrometer.
 */
package dev.sluice.master.metrics;
