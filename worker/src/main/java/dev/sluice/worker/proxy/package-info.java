/**
 * Passes requests on to peers and their answers back. A
 * {@link dev.sluice.worker.proxy.ProxyHandler} holds what a location says about it, a
 * {@link dev.sluice.worker.proxy.ProxyExchange} is one request on its way; what may be decided
 * without a socket is decided by classes that have none.
 */
package dev.sluice.worker.proxy;
