/**
 * System calls that neither Java nor Netty offers. A leaf: it knows no socket and no protocol.
 */
package dev.sluice.worker.linux;
