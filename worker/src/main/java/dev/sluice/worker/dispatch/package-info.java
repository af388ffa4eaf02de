/**
 * The order in which the phases of a request are tried, from its complete head to the handler that
 * answers it, and the access log line at its end.
 */
package dev.sluice.worker.dispatch;
