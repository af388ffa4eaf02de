/** {@code sluice jfr}: JDK Flight Recorder of one worker. */
package dev.sluice.master.jfr;
