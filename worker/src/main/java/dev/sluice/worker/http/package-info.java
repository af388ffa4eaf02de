/**
 * The vocabulary of HTTP/1.1 on the wire: methods, statuses, header names, the tables a parsed head
 * is kept in, and the rules of RFC 9110 that need nothing but such a table. Everything here is
 * offsets into a buffer somebody else owns; nothing opens a socket or allocates after construction.
 */
package dev.sluice.worker.http;
