package dev.sluice.common.config;

/**
 * How a server shows what authorities say of its certificates (OCSP, RFC 6960).
 *
 * @param file with an answer about the first certificate, in DER; null when a responder is asked
 * @param responder the URL of who is asked; null for the one that each certificate names
 * @param verify whether answers must be signed by the certificate's issuer
 */
public record StaplingConfig(String file, String responder, boolean verify) {
}
