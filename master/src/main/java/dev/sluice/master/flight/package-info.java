/** {@code sluice flight}, and dumps of what the flight recorders of workers hold. */
package dev.sluice.master.flight;
