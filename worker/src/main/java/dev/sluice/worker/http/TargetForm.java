package dev.sluice.worker.http;

/** The four forms of a request target (RFC 9112 §3.2). Written at boot, then read-only. */
public enum TargetForm {
    /** A path, with a query or without: {@code /a/b?c}. */
    ORIGIN,
    /** A whole URI: {@code http://host/a}; its authority overrules the Host field. */
    ABSOLUTE,
    /** {@code host:port}, only with CONNECT. */
    AUTHORITY,
    /** {@code *}, only with OPTIONS. */
    ASTERISK
}
