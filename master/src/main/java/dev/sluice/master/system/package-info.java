/**
 * What the master asks of the operating system: processes, files, accounts.
 */
package dev.sluice.master.system;
