/** TLS on the loop's own sockets: BoringSSL's engines, driven record by record, no pipeline. */
package dev.sluice.worker.tls;
