/**
 * Who the client is when trusted proxies stand before this one: {@code set_real_ip_from} and what
 * belongs to it. Asked for each request before anything that looks at the client's address.
 */
package dev.sluice.worker.realip;
