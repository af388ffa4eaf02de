/** A new generation: from the file on the disk to workers in service, or back. */
package dev.sluice.master.reload;
