/** Limits that several machines share through a server of counters. */
package dev.sluice.modules.redislimits;
