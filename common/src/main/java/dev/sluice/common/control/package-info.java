/**
 * What master and worker say to each other: the worker's command line and the messages of the
 * control socket. Pure values and bytes; who reads and writes the sockets is each side's own
 * affair.
 */
package dev.sluice.common.control;
