/** The flight recorder: what a worker's last requests were, in a file that outlives it. */
package dev.sluice.common.flight;
