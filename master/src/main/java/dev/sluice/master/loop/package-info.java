/** The one thread that decides everything in the master: its timers. */
package dev.sluice.master.loop;
