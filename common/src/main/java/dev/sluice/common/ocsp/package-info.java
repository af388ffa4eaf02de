/** What an authority says of its certificates while they are in use (OCSP, RFC 6960). */
package dev.sluice.common.ocsp;
