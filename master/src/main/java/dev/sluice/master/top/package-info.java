/** {@code sluice top}: rates in a terminal, from the counters of living workers. */
package dev.sluice.master.top;
