/**
 * The configuration: the one table of keys, the reader of INI files, the check of every value, and
 * the typed records that master and worker run on. Everything here is written at boot and
 * read-only afterwards; nothing opens a socket, resolves a name or touches a log.
 */
package dev.sluice.common.config;
