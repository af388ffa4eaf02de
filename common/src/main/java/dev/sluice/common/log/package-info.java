/** The error log: levels, the form of a line, and the log of the master. */
package dev.sluice.common.log;
