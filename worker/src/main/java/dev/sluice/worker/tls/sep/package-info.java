/**
 * TLS of IEEE 2030.5 by BouncyCastle's JSSE, since BoringSSL and the JDK have no suites with CCM.
 * Nothing of it is loaded unless a server has such a {@code tls_profile}.
 */
package dev.sluice.worker.tls.sep;
