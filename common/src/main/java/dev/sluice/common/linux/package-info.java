/** What master and workers ask of the C library, where the JDK offers nothing. */
package dev.sluice.common.linux;
