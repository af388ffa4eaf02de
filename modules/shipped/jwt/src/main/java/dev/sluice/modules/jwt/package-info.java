/** Signed tokens (RFC 7519, RFC 8725) as what lets requests in. */
package dev.sluice.modules.jwt;
