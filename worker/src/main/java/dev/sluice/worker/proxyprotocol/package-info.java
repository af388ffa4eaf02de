/** The header by which a proxy before this one says who its client is (PROXY protocol 1 and 2). */
package dev.sluice.worker.proxyprotocol;
