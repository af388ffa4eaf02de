/** The command line: its words, and the commands that end without starting a master. */
package dev.sluice.master.cli;
