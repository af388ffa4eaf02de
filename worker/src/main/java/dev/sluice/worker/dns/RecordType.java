package dev.sluice.worker.dns;

/** Types of records that are asked for (RFC 1035, RFC 3596, RFC 2782). */
enum RecordType { A, AAAA, SRV }
