/**
 * Answers that are made here without a file or a peer: built-in error pages, redirects,
 * {@code return}, and the rules that put another page in the place of an error.
 */
package dev.sluice.worker.answer;
