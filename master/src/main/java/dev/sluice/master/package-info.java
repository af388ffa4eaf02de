/**
 * The master: the process that an operator starts and signals. It checks the configuration, holds
 * the listening sockets, starts and replaces the workers; it handles no request.
 */
package dev.sluice.master;
