/**
 * Static files: from a canonical path to a file below a root, from there to an answer. Everything
 * that can be remembered about a file is in {@code OpenFileCache}; what depends on the request
 * (preconditions, ranges) is decided by pure classes; {@code FileSend} moves the bytes.
 */
package dev.sluice.worker.statics;
