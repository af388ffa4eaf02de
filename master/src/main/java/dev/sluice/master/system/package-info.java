/**
 * What the master asks of the operating system: processes, files, accounts. The only package of
 * Sluice that loads jnr.
 */
package dev.sluice.master.system;
