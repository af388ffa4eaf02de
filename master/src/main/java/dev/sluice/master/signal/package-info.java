/** Signals on their way to the master loop. */
package dev.sluice.master.signal;
