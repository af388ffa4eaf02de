/** Workers as the master sees them: how one is started, spoken to, watched and replaced. */
package dev.sluice.master.worker;
