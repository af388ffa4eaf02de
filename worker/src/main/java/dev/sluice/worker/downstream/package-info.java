/**
 * The client's side: connections, HTTP/1 requests read from them and responses written to them. It
 * hands requests to a {@code RequestHandler} and knows neither routes nor content.
 */
package dev.sluice.worker.downstream;
