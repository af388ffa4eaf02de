/**
 * Requests that a request makes of this server itself, through the same phases and to the same
 * peers: what decides about the request may be a location of its own.
 */
package dev.sluice.worker.subrequest;
