package dev.sluice.common.config;

/** A certificate with its chain, and its private key: absolute paths of files in PEM. */
public record CertificateConfig(String certificate, String key) {
}
