/**
 * Names of upstreams: asked of name servers on the worker's own loop, kept by their time to live,
 * asked again. The wire is Netty's; who is asked, in which order, how often, and what is believed
 * is decided here. No server is ever asked but those of the configuration or of resolv.conf(5).
 */
package dev.sluice.worker.dns;
