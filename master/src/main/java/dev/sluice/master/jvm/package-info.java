/** Tries the operator's flags for JVMs before anything depends on them. */
package dev.sluice.master.jvm;
